package io.grpcweb.gateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A test that is given every shape of a call in turn, and the matrix that its class has. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("io.grpcweb.gateway.testing.Shape#all")
@ExtendWith(InEveryShape.MatrixOfTheClass.class)
public @interface InEveryShape {

    /** Makes it when it is needed first; it is closed with the class. */
    final class MatrixOfTheClass implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Matrix.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            ExtensionContext ofClass = context;
            while (ofClass.getTestMethod().isPresent()) {
                ofClass = ofClass.getParent().orElseThrow();
            }
            return ofClass.getStore(ExtensionContext.Namespace.create(Matrix.class))
                    .computeIfAbsent(Matrix.class, key -> new Matrix());
        }
    }
}
