package io.grpcweb.sample;

import io.grpc.stub.StreamObserver;
import io.grpcweb.sample.order.ChatMessage;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.OrderStatus;
import java.util.Locale;

/** Both sides of {@code OrderChat}: one answer per message, written by the instance. */
final class Chat implements StreamObserver<ChatMessage> {
    private static final String STATUS = "status ";

    private final StreamObserver<ChatMessage> answer;
    private final OrderDesk desk;
    private final String instance;

    Chat(StreamObserver<ChatMessage> answer, OrderDesk desk, String instance) {
        this.answer = answer;
        this.desk = desk;
        this.instance = instance;
    }

    @Override
    public void onNext(ChatMessage message) {
        String text = message.getText().strip();
        answer.onNext(ChatMessage.newBuilder()
                .setAuthor(instance)
                .setText(
                        text.startsWith(STATUS)
                                ? status(text.substring(STATUS.length()).strip())
                                : "You said: " + text)
                .build());
    }

    private String status(String id) {
        return desk.find(id).map(Order::getStatus).map(Chat::inWords).orElse("No order has the id \"" + id + "\"");
    }

    private static String inWords(OrderStatus status) {
        return status.name().substring("ORDER_STATUS_".length()).toLowerCase(Locale.ROOT);
    }

    @Override
    public void onError(Throwable cancelled) {
        // The caller went away: nobody is left to answer.
    }

    @Override
    public void onCompleted() {
        answer.onCompleted();
    }
}
