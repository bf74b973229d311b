package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Trial;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sweep asks of a trial that is to end before its time.
 *
 * @param reason one word
 * @param message a sentence
 */
record StopRequest(String reason, String message) {

    /** Returns the request; empty for a trial that may continue. */
    static Optional<StopRequest> of(Trial trial) {
        Map<String, String> annotations = trial.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations)
                .map(all -> all.get(Api.STOP_ANNOTATION))
                .map(reason -> new StopRequest(reason, annotations.getOrDefault(Api.STOP_MESSAGE_ANNOTATION, "")));
    }

    /** Accepts changes of a Trial that its reconciler must see: of the spec, or of a stop request, which does not change the generation. */
    public static final class OrSpecChanged implements OnUpdateFilter<Trial> {
        @Override
        public boolean accept(Trial now, Trial before) {
            return now.isMarkedForDeletion()
                    || !Objects.equals(
                            now.getMetadata().getGeneration(),
                            before.getMetadata().getGeneration())
                    || !of(now).equals(of(before));
        }
    }
}
