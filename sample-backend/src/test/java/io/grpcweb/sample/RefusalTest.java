package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.GetOrderRequest;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.ListOrdersRequest;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.UploadSummary;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each refusal, with the details that a client decodes. */
final class RefusalTest {
    @RegisterExtension
    final Desk desk = new Desk();

    @RegisterExtension
    final Desk guarded = new Desk(Optional.of("s3cret"));

    @Test
    void allWrongFieldsOfAnOrderAreNamedAtOnce() throws Exception {
        CreateOrderRequest wrong = CreateOrderRequest.newBuilder()
                .addItems(Desk.item("", 1, 1))
                .addItems(Desk.item("teapot", 0, Double.NaN))
                .build();
        StatusRuntimeException refusal = refusal(() -> desk.calls().createOrder(wrong));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription()).isEqualTo("4 fields are not valid");
        assertThat(Desk.details(refusal).getDetails(0).unpack(BadRequest.class).getFieldViolationsList())
                .extracting(FieldViolation::getField)
                .containsExactly("customer_id", "items[0].product_id", "items[1].quantity", "items[1].unit_price");
    }

    @Test
    void anOrderWithoutItemsIsRefused() throws Exception {
        CreateOrderRequest wrong =
                CreateOrderRequest.newBuilder().setCustomerId("ada").build();
        StatusRuntimeException refusal = refusal(() -> desk.calls().createOrder(wrong));
        assertThat(Desk.details(refusal).getDetails(0).unpack(BadRequest.class).getFieldViolations(0))
                .isEqualTo(Refusal.fault("items", "at least one line item is needed"));
    }

    @Test
    void anUnknownOrderIsNamedInTheErrorInfo() throws Exception {
        StatusRuntimeException refusal = refusal(() -> desk.calls()
                .getOrder(GetOrderRequest.newBuilder().setId("order-7").build()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(Desk.details(refusal).getDetails(0).unpack(ErrorInfo.class))
                .isEqualTo(ErrorInfo.newBuilder()
                        .setReason("ORDER_NOT_FOUND")
                        .setDomain("orders.sample.grpcweb.io")
                        .putMetadata("id", "order-7")
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"-1", "60001"})
    void aPauseOutOfRangeIsRefused(int pauseMs) {
        assertThat(refusal(() -> desk.calls()
                                .getOrder(GetOrderRequest.newBuilder()
                                        .setDelayMs(pauseMs)
                                        .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> desk.calls()
                                .listOrders(ListOrdersRequest.newBuilder()
                                        .setIntervalMs(pauseMs)
                                        .build())
                                .next())
                        .getStatus()
                        .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void aWrongLineItemEndsTheUploadWhileItStillRuns() {
        Inbox<LineItem, UploadSummary> upload = new Inbox<>();
        var items = desk.streams().uploadLineItems(upload);
        items.onNext(Desk.item("teapot", 1, 1));
        items.onNext(Desk.item("teapot", -1, 1));
        assertThatThrownBy(upload::rest).hasRootCauseMessage("INVALID_ARGUMENT: 1 field is not valid");
    }

    @ParameterizedTest
    @CsvSource({", TOKEN_MISSING", "Bearer wrong, TOKEN_WRONG", "Basic s3cret, TOKEN_WRONG"})
    void withoutTheTokenNobodyOrders(String authorization, String reason) throws Exception {
        Metadata headers = new Metadata();
        if (authorization != null) {
            headers.put(BearerToken.AUTHORIZATION, authorization);
        }
        var calls = guarded.calls().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        StatusRuntimeException refusal = refusal(() -> calls.createOrder(Desk.order("ada")));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(Desk.details(refusal).getDetails(0).unpack(ErrorInfo.class).getReason())
                .isEqualTo(reason);
        // A trailers-only answer carries the name of the instance as well.
        assertThat(refusal.getTrailers().get(InstanceStamp.INSTANCE)).isEqualTo("amber");
    }

    @Test
    void withTheTokenOrdersAreTaken() {
        Metadata headers = new Metadata();
        headers.put(BearerToken.AUTHORIZATION, "bearer s3cret");
        Order order = guarded.calls()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .createOrder(Desk.order("ada"));
        assertThat(order.getCustomerId()).isEqualTo("ada");
    }

    private static StatusRuntimeException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
