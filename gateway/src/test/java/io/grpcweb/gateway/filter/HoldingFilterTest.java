package io.grpcweb.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The filter alone: what comes in, and what the filters above and below it are told. */
class HoldingFilterTest {
    private static final ByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;

    private final List<String> events = new ArrayList<>();
    private final List<ByteBuf> sent = new ArrayList<>();
    private final Http2Headers head = new DefaultHttp2Headers(false).method("POST");
    private final Exchange exchange = exchange(head);
    private final Below below = new Below();
    private Consumer<Waiting> onArrival = filter -> {};
    private Consumer<Waiting> onBody = filter -> {};

    private static Exchange exchange(Http2Headers head) {
        try {
            return FakeExchange.of(head);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private final class Waiting extends HoldingFilter {
        Waiting(int mostBytes) {
            super(exchange, mostBytes);
        }

        @Override
        protected void arrived(Http2Headers fields, boolean end) {
            events.add("arrived" + (end ? " end" : ""));
            onArrival.accept(this);
        }

        @Override
        protected void collected(ByteBuf lent, boolean all) {
            events.add("collected " + lent.toString(StandardCharsets.US_ASCII) + (all ? "" : " and more"));
            onBody.accept(this);
        }

        @Override
        protected void abandoned() {
            events.add("abandoned");
        }

        void goOn() {
            resume();
        }

        void deny() {
            refuse(LocalReply.misdirected());
        }

        void want(int most, boolean orPart) {
            collect(most, orPart);
        }

        boolean waits() {
            return isHolding();
        }
    }

    private final class Above extends HttpFilter {
        @Override
        public void requestWritable(boolean writable) {
            events.add(writable ? "go on" : "stop");
        }

        @Override
        public void responseHead(Http2Headers fields, boolean end) {
            events.add("answer " + fields.status());
            exchange.responseStarted(fields);
        }

        @Override
        public void responseData(ByteBuf data, boolean end) {
            data.release();
            exchange.end();
        }

        @Override
        public void responseAbort(LocalReply reason) {
            events.add("abort");
            exchange.end();
        }
    }

    private final class Below extends HttpFilter {
        private Runnable onHead = () -> {};
        private Runnable onData = () -> {};

        @Override
        public void requestHead(Http2Headers fields, boolean end) {
            assertThat(fields).isSameAs(head);
            events.add("head" + (end ? " end" : ""));
            onHead.run();
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            events.add("data " + data.toString(StandardCharsets.US_ASCII) + (end ? " end" : ""));
            data.release();
            onData.run();
        }

        @Override
        public void requestTrailers(Http2Headers fields) {
            events.add("trailers " + fields.get("t"));
        }

        @Override
        public void cancel() {
            events.add("cancel");
        }

        void stop() {
            upper().requestWritable(false);
        }

        void takeMore() {
            upper().requestWritable(true);
        }
    }

    private Waiting filter(int mostBytes) {
        Waiting filter = new Waiting(mostBytes);
        HttpFilter above = new Above();
        filter.under(above);
        below.under(filter);
        exchange.chain(above, below);
        return filter;
    }

    private ByteBuf part(String text) {
        ByteBuf part = BUFFERS.buffer();
        part.writeCharSequence(text, StandardCharsets.US_ASCII);
        sent.add(part);
        return part;
    }

    private static Http2Headers trailers(String value) {
        return new DefaultHttp2Headers(false).set("t", value);
    }

    /** Nothing that came in is held any more. */
    @AfterEach
    void everyBufferIsReleased() {
        assertThat(sent).allMatch(part -> part.refCnt() == 0);
    }

    @Test
    void whatIsHeldGoesOnInOrder() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestData(part("c".repeat(4096)), false);
        filter.requestData(part("d"), false);
        filter.requestTrailers(trailers("1"));
        assertThat(events).containsExactly("arrived", "stop");
        filter.goOn();
        assertThat(events)
                .containsExactly(
                        "arrived",
                        "stop",
                        "head",
                        "data ab",
                        "data " + "c".repeat(4096),
                        "data d",
                        "trailers 1",
                        "go on");
    }

    @Test
    void theLastPartThatIsHeldEndsTheRequest() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestData(part("cd"), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "head", "data abcd end");
    }

    @Test
    void anEmptyLastPartEndsTheRequestAsWell() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part(""), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "head", "data  end");
    }

    @Test
    void aRequestWithoutABodyEndsWithItsHead() {
        Waiting filter = filter(0);
        filter.requestHead(head, true);
        assertThat(filter.waits()).isTrue();
        filter.goOn();
        assertThat(events).containsExactly("arrived end", "head end");
        assertThat(filter.waits()).isFalse();
    }

    @Test
    void whoDoesNotWaitHoldsNothing() {
        onArrival = Waiting::goOn;
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestTrailers(trailers("1"));
        assertThat(events).containsExactly("arrived", "head", "data ab", "trailers 1");
    }

    @Test
    void theClientIsHeldBackAtTheBoundAndOnlyOnce() {
        Waiting filter = filter(3);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        assertThat(events).containsExactly("arrived");
        filter.requestData(part("c"), false);
        filter.requestData(part("d"), false);
        assertThat(events).containsExactly("arrived", "stop");
        filter.goOn();
        assertThat(events).containsExactly("arrived", "stop", "head", "data abcd", "go on");
    }

    @Test
    void aBoundOfZeroHoldsTheClientBackAtItsHead() {
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        assertThat(events).containsExactly("arrived", "stop");
        filter.goOn();
        assertThat(events).containsExactly("arrived", "stop", "head", "go on");
    }

    @Test
    void theClientStaysHeldBackWhereTheNextFilterTakesNoMore() {
        Waiting filter = filter(2);
        below.onData = below::stop;
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "stop", "head", "data ab");
        below.takeMore();
        assertThat(events).containsExactly("arrived", "stop", "head", "data ab", "go on");
    }

    @Test
    void whatComesWhileTheRestIsPassedOnKeepsItsPlace() {
        Waiting filter = filter(100);
        below.onHead = () -> filter.requestData(part("cd"), true);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "head", "data abcd end");
    }

    @Test
    void aRefusalAnswersAndDropsTheRest() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.deny();
        filter.requestData(part("cd"), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "cancel", "answer 421");
        assertThat(exchange.info().details).hasToString("misdirected_request");
    }

    @Test
    void aRefusalInTheSameMomentIsPossible() {
        onArrival = Waiting::deny;
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        assertThat(events).containsExactly("arrived", "cancel", "answer 421");
    }

    @Test
    void aClientThatGoesEndsTheWait() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        exchange.end();
        filter.cancel();
        assertThat(events).containsExactly("arrived", "abandoned", "cancel");
        // The answer of a side call that could not be given up any more.
        filter.goOn();
        filter.deny();
        assertThat(events).hasSize(3);
    }

    @Test
    void anAnswerFromElsewhereEndsTheWait() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        exchange.reply(LocalReply.durationTimeout(true));
        assertThat(events).containsExactly("arrived", "cancel", "abandoned", "answer 504");
        filter.goOn();
        assertThat(events).hasSize(4);
    }

    @Test
    void anAnswerToTheHeadEndsWhatIsPassedOn() {
        Waiting filter = filter(100);
        below.onHead = () -> exchange.reply(LocalReply.overflow());
        filter.requestHead(head, false);
        filter.requestData(part("a".repeat(5000)), false);
        filter.requestData(part("b"), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "stop", "head", "cancel", "answer 503");
    }

    @Test
    void aClientThatGoesInTheMiddleOfWhatIsPassedOnEndsIt() {
        Waiting filter = filter(100_000);
        below.onData = () -> {
            exchange.end();
            filter.cancel();
        };
        filter.requestHead(head, false);
        filter.requestData(part("a".repeat(5000)), false);
        filter.requestData(part("b".repeat(5000)), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "head", "data " + "a".repeat(5000), "cancel");
    }

    @Test
    void aFaultBelowIsTheAnswerOfTheExchange() {
        Waiting filter = filter(100);
        below.onHead = () -> {
            throw new IllegalStateException("a fault below");
        };
        filter.requestHead(head, false);
        filter.requestData(part("ab"), true);
        filter.goOn();
        assertThat(events).containsExactly("arrived", "head", "cancel", "answer 500");
    }

    @Test
    void aFaultAboveLetsGoOfWhatIsHeld() {
        Waiting filter = filter(100);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        // As where the answer to this fault is on its way already: the filters are passed by.
        exchange.reply(LocalReply.noRoute());
        events.clear();
        exchange.broken(new IllegalStateException("a fault above"));
        assertThat(events).containsExactly("abort", "cancel");
    }

    @Test
    void theWholeBodyIsCollected() {
        onArrival = filter -> filter.want(4, false);
        onBody = Waiting::goOn;
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestData(part("cd"), false);
        assertThat(events).containsExactly("arrived");
        filter.requestData(part(""), true);
        assertThat(events).containsExactly("arrived", "collected abcd", "head", "data abcd end");
    }

    @Test
    void aBodyWithTrailersIsCollectedAtThem() {
        onArrival = filter -> filter.want(4, false);
        onBody = Waiting::goOn;
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestTrailers(trailers("1"));
        assertThat(events).containsExactly("arrived", "collected ab", "head", "data ab", "trailers 1");
    }

    @Test
    void aRequestWithoutABodyHasAnEmptyOne() {
        onArrival = filter -> filter.want(4, false);
        onBody = Waiting::goOn;
        filter(0).requestHead(head, true);
        assertThat(events).containsExactly("arrived end", "collected ", "head end");
    }

    @Test
    void aBodyAboveTheLimitIsAnswered() {
        onArrival = filter -> filter.want(4, false);
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        filter.requestData(part("ab"), false);
        filter.requestData(part("cde"), false);
        assertThat(events).containsExactly("arrived", "cancel", "answer 413");
        assertThat(exchange.info().details).hasToString("request_payload_too_large");
    }

    @Test
    void theFirstBytesMayBeEnough() {
        onArrival = filter -> filter.want(4, true);
        Waiting filter = filter(0);
        filter.requestHead(head, false);
        filter.requestData(part("abcd"), false);
        assertThat(events).containsExactly("arrived");
        filter.requestData(part("ef"), false);
        assertThat(events).containsExactly("arrived", "stop", "collected abcd and more");
        filter.requestData(part("gh"), true);
        filter.goOn();
        assertThat(events)
                .containsExactly(
                        "arrived", "stop", "collected abcd and more", "head", "data abcdef", "data gh end", "go on");
    }

    @Test
    void whoHasWaitedForSomethingElseMayAskForTheBody() {
        Waiting filter = filter(1);
        filter.requestHead(head, false);
        filter.requestData(part("a"), false);
        assertThat(events).containsExactly("arrived", "stop");
        filter.want(4, false);
        assertThat(events).containsExactly("arrived", "stop", "go on");
        filter.requestData(part("b"), true);
        filter.deny();
        assertThat(events).containsExactly("arrived", "stop", "go on", "collected ab", "cancel", "answer 421");
    }
}
