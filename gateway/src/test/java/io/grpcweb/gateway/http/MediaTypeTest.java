package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
                    application/grpc-web, GRPC_WEB
                    application/grpc-web+proto, GRPC_WEB
                    application/grpc-web+json, GRPC_WEB
                    application/grpc-web+thrift, GRPC_WEB
                    application/grpc-web+proto; charset=utf-8, GRPC_WEB
                    application/grpc-web;charset=utf-8, GRPC_WEB
                    Application/GRPC-Web+Proto, GRPC_WEB
                    application/grpc-web-text, GRPC_WEB_TEXT
                    application/grpc-web-text+proto, GRPC_WEB_TEXT
                    APPLICATION/GRPC-WEB-TEXT, GRPC_WEB_TEXT
                    application/grpc-web-text-base64, GRPC_WEB_TEXT
                    application/grpc, GRPC
                    application/grpc+proto, GRPC
                    application/grpc;x=y, GRPC
                    application/grpc-webfoo, HTTP
                    application/grpc-web-textual, HTTP
                    application/grpcfoo, HTTP
                    application/json, HTTP
                    image/jpeg, HTTP
                    '', HTTP
                    """)
    void aContentTypeIsRecognised(String contentType, CallFormat format) {
        assertThat(MediaType.formatOf(contentType)).isEqualTo(format);
    }

    @Test
    void noContentTypeIsPlainHttp() {
        assertThat(MediaType.formatOf(null)).isEqualTo(CallFormat.HTTP);
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web+Thrift;x=y, thrift",
        "application/grpc-web+proto, proto",
        "application/grpc-web+json, json"
    })
    void theSubFormatIsKept(String contentType, String subFormat) {
        assertThat(MediaType.subFormat(contentType)).isEqualTo(subFormat);
    }

    @Test
    void thereMayBeNoSubFormat() {
        assertThat(MediaType.subFormat("application/grpc-web")).isNull();
        assertThat(MediaType.subFormat("application/grpc-web; a=b+c")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    application/grpc-web-text | GRPC_WEB_TEXT
                    application/grpc-web-text+proto | GRPC_WEB_TEXT
                    application/grpc-web-text, */*;q=0.1 | GRPC_WEB_TEXT
                    APPLICATION/GRPC-WEB-TEXT | GRPC_WEB_TEXT
                    application/grpc-web, application/grpc-web-text | GRPC_WEB_TEXT
                    application/grpc-web+proto | GRPC_WEB
                    application/grpc-web-text;q=0 | none
                    application/grpc-web-text; q=0.000 | none
                    application/grpc-web-text;q=0.5 | GRPC_WEB_TEXT
                    application/grpc-web-text;q=0, application/grpc-web | GRPC_WEB
                    application/json | none
                    */* | none
                    """)
    void acceptNamesAForm(String accept, CallFormat format) {
        assertThat(MediaType.accepted(accept)).isEqualTo(format);
    }
}
