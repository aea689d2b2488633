package io.grpcweb.sample;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.LineItem;
import java.util.ArrayList;
import java.util.List;

/** What the desk refuses, and how it says so: each refusal carries details that a client can decode. */
final class Refusal {
    private static final String DOMAIN = "orders.sample.grpcweb.io";
    private static final int MAX_ITEMS = 100;
    private static final int MAX_TEXT_LENGTH = 200;

    private Refusal() {}

    /** Every fault of the request at once, with the path of its field; empty when the order is fine. */
    static List<FieldViolation> faults(CreateOrderRequest request) {
        List<FieldViolation> faults = new ArrayList<>();
        text("customer_id", request.getCustomerId(), faults);
        int items = request.getItemsCount();
        if (items == 0) {
            faults.add(fault("items", "at least one line item is needed"));
        } else if (items > MAX_ITEMS) {
            faults.add(fault("items", "there are %d line items, the limit is %d".formatted(items, MAX_ITEMS)));
        } else {
            for (int i = 0; i < items; i++) {
                faults.addAll(faults("items[" + i + "].", request.getItems(i)));
            }
        }
        return faults;
    }

    /** The faults of one line item; {@code prefix} stands before the name of each field. */
    static List<FieldViolation> faults(String prefix, LineItem item) {
        List<FieldViolation> faults = new ArrayList<>();
        text(prefix + "product_id", item.getProductId(), faults);
        if (item.getQuantity() < 1) {
            faults.add(fault(prefix + "quantity", "is " + item.getQuantity() + ", must be 1 or more"));
        }
        double price = item.getUnitPrice();
        if (!Double.isFinite(price) || price < 0) {
            faults.add(fault(prefix + "unit_price", "is " + price + ", must be 0 or more"));
        }
        return faults;
    }

    static FieldViolation fault(String field, String description) {
        return FieldViolation.newBuilder()
                .setField(field)
                .setDescription(description)
                .build();
    }

    static StatusRuntimeException invalid(List<FieldViolation> faults) {
        String message = faults.size() == 1 ? "1 field is not valid" : faults.size() + " fields are not valid";
        return refusal(
                Code.INVALID_ARGUMENT,
                message,
                BadRequest.newBuilder().addAllFieldViolations(faults).build());
    }

    static StatusRuntimeException unknownOrder(String id) {
        return refusal(
                Code.NOT_FOUND,
                "no order has the id \"" + id + "\"",
                ErrorInfo.newBuilder()
                        .setReason("ORDER_NOT_FOUND")
                        .setDomain(DOMAIN)
                        .putMetadata("id", id)
                        .build());
    }

    static StatusRuntimeException unauthenticated(String reason, String message) {
        return refusal(
                Code.UNAUTHENTICATED,
                message,
                ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build());
    }

    private static void text(String field, String value, List<FieldViolation> faults) {
        if (value.isBlank()) {
            faults.add(fault(field, "must not be empty"));
        } else if (value.length() > MAX_TEXT_LENGTH) {
            faults.add(fault(field, "has %d characters, the limit is %d".formatted(value.length(), MAX_TEXT_LENGTH)));
        }
    }

    private static StatusRuntimeException refusal(Code code, String message, Message detail) {
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(detail))
                .build());
    }
}
