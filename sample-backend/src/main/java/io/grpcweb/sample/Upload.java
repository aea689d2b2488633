package io.grpcweb.sample;

import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.stub.StreamObserver;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.UploadSummary;
import java.util.List;

/** The request side of {@code UploadLineItems}: adds up, keeps nothing, and refuses the first wrong item at once. */
final class Upload implements StreamObserver<LineItem> {
    private final StreamObserver<UploadSummary> answer;
    private int count;
    private long quantity;
    private double total;
    private boolean refused;

    Upload(StreamObserver<UploadSummary> answer) {
        this.answer = answer;
    }

    @Override
    public void onNext(LineItem item) {
        if (refused) {
            return;
        }
        List<FieldViolation> faults = Refusal.faults("[" + count + "].", item);
        if (!faults.isEmpty()) {
            refused = true;
            answer.onError(Refusal.invalid(faults));
            return;
        }
        count++;
        quantity += item.getQuantity();
        total += OrderDesk.total(List.of(item));
    }

    @Override
    public void onError(Throwable cancelled) {
        // The caller went away: nothing is kept, nobody is left to answer.
    }

    @Override
    public void onCompleted() {
        if (refused) {
            return;
        }
        answer.onNext(UploadSummary.newBuilder()
                .setLineItems(count)
                .setQuantity(quantity)
                .setTotal(Math.round(total * 100) / 100.0)
                .build());
        answer.onCompleted();
    }
}
