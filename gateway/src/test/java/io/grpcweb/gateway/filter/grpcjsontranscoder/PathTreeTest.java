package io.grpcweb.gateway.filter.grpcjsontranscoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTreeTest {
    private static final List<String> TEMPLATES = List.of(
            "/v1/shelves/{shelf}/items/{item}",
            "/v1/{full_name=shelves/*/items/*}:named",
            "/v1/{full_name=things/**}",
            "/v1/{full_name=y/**/tail}",
            "/v1/{full_name=many/**}:all",
            "/v1/many/*",
            "/v1/{shelf=p/*}/q/{item=**}",
            "/v1/many/literal");

    private static String find(boolean anyVerb, String path) throws BadTemplate {
        PathTree<String> tree = new PathTree<>(anyVerb);
        for (String template : TEMPLATES) {
            tree.add("GET", PathTemplate.parse(template), template);
        }
        return tree.find("GET", tree.parts(path));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/shelves/s1/items/i1, /v1/shelves/{shelf}/items/{item}",
        "/v1/shelves/s1/items/i1/, /v1/shelves/{shelf}/items/{item}",
        "/v1/shelves//items/i1, /v1/shelves/{shelf}/items/{item}",
        "/v1/shelves/s1/items/i1:other, /v1/shelves/{shelf}/items/{item}",
        "/v1/shelves/s1/items/i1:named, /v1/{full_name=shelves/*/items/*}:named",
        "/v1/things, /v1/{full_name=things/**}",
        "/v1/things/a/b/c, /v1/{full_name=things/**}",
        "/v1/y/a/b/tail, /v1/{full_name=y/**/tail}",
        "/v1/y/tail/tail, /v1/{full_name=y/**/tail}",
        "/v1/many/a/b:all, /v1/{full_name=many/**}:all",
        "/v1/many/a, /v1/many/*",
        "/v1/many/literal, /v1/many/literal",
        "/v1/p/1/q/2/3, /v1/{shelf=p/*}/q/{item=**}",
        "/v1/p/1/q, /v1/{shelf=p/*}/q/{item=**}",
    })
    void theRuleOfAPath(String path, String template) throws BadTemplate {
        assertThat(find(false, path)).isEqualTo(template);
    }

    @ParameterizedTest
    @CsvSource({"/v1/y/tail", "/v1/many/a/b", "//v1/many/a", "/V1/many/a", "/v1", "/", "/v1/p/1"})
    void pathsWithoutARule(String path) throws BadTemplate {
        assertThat(find(false, path)).isNull();
    }

    /** Nothing follows a path with a stack of its own length. */
    @Test
    void aPathMayBeAsLongAsAHeaderAllows() throws BadTemplate {
        String parts = "/a".repeat(200_000);
        assertThat(find(false, "/v1/things" + parts)).isEqualTo("/v1/{full_name=things/**}");
        assertThat(find(false, "/v1/y" + parts + "/tail")).isEqualTo("/v1/{full_name=y/**/tail}");
        assertThat(find(false, "/v1/y" + parts)).isNull();
    }

    @Test
    void aVerbThatNoRuleHasIsOneWhereTheSettingsSaySo() throws BadTemplate {
        assertThat(find(true, "/v1/shelves/s1/items/i1:other")).isNull();
    }

    @Test
    void theRootIsATemplateOfNoParts() throws BadTemplate {
        PathTree<String> tree = new PathTree<>(false);
        tree.add("GET", PathTemplate.parse("/"), "root");

        assertThat(tree.find("GET", tree.parts("/"))).isEqualTo("root");
        assertThat(tree.find("GET", tree.parts("/a"))).isNull();
        assertThatThrownBy(() -> PathTemplate.parse("/a/")).isInstanceOf(BadTemplate.class);
        assertThatThrownBy(() -> PathTemplate.parse("/:go")).isInstanceOf(BadTemplate.class);
    }

    @Test
    void methodsAreToldApart() throws BadTemplate {
        PathTree<String> tree = new PathTree<>(false);
        tree.add("GET", PathTemplate.parse("/a"), "get");
        tree.add("*", PathTemplate.parse("/a"), "other");

        assertThat(tree.find("GET", tree.parts("/a"))).isEqualTo("get");
        assertThat(tree.find("PUT", tree.parts("/a"))).isEqualTo("other");
        assertThat(tree.add("GET", PathTemplate.parse("/a"), "again")).isEqualTo("get");
    }

    @Test
    void variablesKnowTheirParts() throws BadTemplate {
        PathTemplate template = PathTemplate.parse("/v1/{a.b=x/*}/{c}/{d=y/**/z}:verb");

        assertThat(template.parts()).containsExactly("v1", "x", "*", "{}", "y", "**", "z");
        assertThat(template.verb()).isEqualTo("verb");
        assertThat(template.variables())
                .containsExactly(
                        new PathTemplate.Variable(List.of("a", "b"), 1, 3, false),
                        new PathTemplate.Variable(List.of("c"), 3, 4, false),
                        new PathTemplate.Variable(List.of("d"), 4, 0, true));
        assertThat(template.variables().get(2).end(9)).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "v1 | '/' is expected at character 1",
                "/:go | a literal, *, ** or a variable is expected at character 2",
                "/a//b | a literal, *, ** or a variable is expected at character 4",
                "/{a | '}' is expected at character 4",
                "/{a={b}} | a variable cannot stand in a variable at character 5",
                "/{} | the name of a field is expected at character 3",
                "/**/** | only one ** may stand in a template at character 7",
                "/**/* | only literals may follow a ** at character 5",
                "/a: | a literal, *, ** or a variable is expected at character 4",
                "/a:b/c | '/' is not expected at character 5",
            })
    void pathsThatAreNoTemplates(String path, String why) {
        assertThatThrownBy(() -> PathTemplate.parse(path))
                .isInstanceOf(BadTemplate.class)
                .hasMessage("the path '" + path + "' is no template: " + why);
    }
}
