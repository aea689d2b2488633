package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpcweb.sample.order.ChatMessage;
import io.grpcweb.sample.order.GetOrderRequest;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.ListOrdersRequest;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.OrderEvent;
import io.grpcweb.sample.order.OrderEvent.Kind;
import io.grpcweb.sample.order.OrderStatus;
import io.grpcweb.sample.order.UploadSummary;
import io.grpcweb.sample.order.WatchOrdersRequest;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each kind of call, when all is well. */
final class OrderServiceTest {
    @RegisterExtension
    final Desk desk = new Desk();

    @Test
    void anOrderIsPricedInWholeCentsAndFoundAgain() {
        Order order = desk.calls().createOrder(Desk.order("ada"));
        assertThat(order.getId()).isEqualTo("order-1001");
        assertThat(order.getTotal()).isEqualTo(69.3);
        assertThat(order.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_PENDING);

        Order found = desk.calls()
                .getOrder(GetOrderRequest.newBuilder().setId(order.getId()).build());
        assertThat(found.getItemsList()).isEqualTo(order.getItemsList());
    }

    @Test
    void aListFiltersAndLimitsAndKeepsTheOrder() {
        desk.calls().createOrder(Desk.order("ada"));
        desk.calls().createOrder(Desk.order("grace"));
        desk.calls().createOrder(Desk.order("ada"));

        assertThat(desk.calls().listOrders(ListOrdersRequest.getDefaultInstance()))
                .toIterable()
                .extracting(Order::getId)
                .containsExactly("order-1001", "order-1002", "order-1003");
        ListOrdersRequest ofAda =
                ListOrdersRequest.newBuilder().setCustomerId("ada").setLimit(2).build();
        assertThat(desk.calls().listOrders(ofAda))
                .toIterable()
                .extracting(Order::getId)
                .containsExactly("order-1001", "order-1003");
    }

    @Test
    void aListLongerThanTheTransportsBufferArrivesWhole() {
        desk.fleet().addSampleOrders(5_000, "amber");
        assertThat(desk.calls().listOrders(ListOrdersRequest.getDefaultInstance()))
                .toIterable()
                .hasSize(5_000);
    }

    @Test
    void aSlowListSendsAllOrders() {
        desk.fleet().addSampleOrders(3, "amber");
        ListOrdersRequest slow =
                ListOrdersRequest.newBuilder().setIntervalMs(10).build();
        assertThat(desk.calls().listOrders(slow)).toIterable().hasSize(3);
    }

    @Test
    void aWatchSeesTheWholeLifeOfAnOrder() throws Exception {
        Inbox<WatchOrdersRequest, OrderEvent> watch = new Inbox<>();
        desk.streams().watchOrders(WatchOrdersRequest.getDefaultInstance(), watch);
        OrderEvent opened = watch.next();
        assertThat(opened.getKind()).isEqualTo(Kind.KIND_OPENED);
        assertThat(opened.getInstance()).isEqualTo("amber");

        Order order = desk.calls().createOrder(Desk.order("ada"));
        OrderEvent created = watch.next();
        assertThat(created.getKind()).isEqualTo(Kind.KIND_CREATED);
        assertThat(created.getOrder()).isEqualTo(order);
        assertThat(watch.next().getOrder().getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CONFIRMED);
        assertThat(watch.next().getOrder().getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_SHIPPED);
    }

    @Test
    void aWatchOfOneCustomerDoesNotSeeTheOthers() throws Exception {
        Inbox<WatchOrdersRequest, OrderEvent> watch = new Inbox<>();
        desk.streams()
                .watchOrders(
                        WatchOrdersRequest.newBuilder().setCustomerId("ada").build(), watch);
        assertThat(watch.next().getKind()).isEqualTo(Kind.KIND_OPENED);
        desk.calls().createOrder(Desk.order("grace"));
        desk.calls().createOrder(Desk.order("ada"));
        assertThat(watch.next().getOrder().getCustomerId()).isEqualTo("ada");
    }

    @Test
    void uploadedItemsAreAddedUp() throws Exception {
        Inbox<LineItem, UploadSummary> upload = new Inbox<>();
        var items = desk.streams().uploadLineItems(upload);
        items.onNext(Desk.item("teapot", 2, 34.5));
        items.onNext(Desk.item("pencil", 3, 0.1));
        items.onCompleted();
        assertThat(upload.rest())
                .containsExactly(UploadSummary.newBuilder()
                        .setLineItems(2)
                        .setQuantity(5)
                        .setTotal(69.3)
                        .build());
    }

    @Test
    void theChatAnswersEachMessageBeforeTheNext() throws Exception {
        Inbox<ChatMessage, ChatMessage> chat = new Inbox<>();
        var messages = desk.streams().orderChat(chat);
        messages.onNext(ChatMessage.newBuilder().setText("hello").build());
        assertThat(chat.next().getText()).isEqualTo("You said: hello");
        messages.onNext(ChatMessage.newBuilder().setText("status order-7").build());
        assertThat(chat.next().getText()).isEqualTo("No order has the id \"order-7\"");
        messages.onCompleted();
        assertThat(chat.rest()).isEmpty();
    }

    @Test
    void theNameOfTheInstanceIsInHeadersAndTrailers() {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        Order unused = desk.calls()
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .createOrder(Desk.order("ada"));
        assertThat(headers.get().getAll(InstanceStamp.INSTANCE)).containsExactly("amber");
        assertThat(trailers.get().getAll(InstanceStamp.INSTANCE)).containsExactly("amber");
    }

    @Test
    void healthAndReflectionAnswer() throws Exception {
        var health = HealthGrpc.newBlockingStub(desk.channel())
                .check(HealthCheckRequest.newBuilder()
                        .setService("order.OrderService")
                        .build());
        assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);

        Inbox<ServerReflectionRequest, ServerReflectionResponse> reflection = new Inbox<>();
        var questions = ServerReflectionGrpc.newStub(desk.channel()).serverReflectionInfo(reflection);
        questions.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(reflection.next().getListServicesResponse().getServiceList())
                .extracting("name")
                .contains("order.OrderService", "grpc.health.v1.Health");
        questions.onCompleted();
    }
}
