package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;

/**
 * Whether the trainer of a Pod had ended when the Pod was asked to end, as far as that was seen. A restart of the operator forgets it, and
 * {@link PodDisruption} compares times then.
 */
final class EndOrder {
    private static final Duration REMEMBERED = Duration.ofHours(2);

    private enum First {
        TRAINER,
        REQUEST
    }

    /** First observations by uid. */
    private final Cache<String, First> first = Caffeine.newBuilder()
            .expireAfterAccess(REMEMBERED)
            .maximumSize(100_000)
            .build();

    /** Returns the Pod without the request if its trainer had ended before, or with an annotation if it had not. */
    Pod seen(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (uid == null) {
            return pod;
        }
        boolean hasEnded =
                TrialObservation.trainer(pod).flatMap(PodFailure::terminated).isPresent();
        boolean isAsked = pod.getMetadata().getDeletionTimestamp() != null
                || pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> PodDisruption.CONDITION.equals(condition.getType())
                                && "True".equals(condition.getStatus()));
        if (hasEnded != isAsked) {
            First now = hasEnded ? First.TRAINER : First.REQUEST;
            first.asMap().putIfAbsent(uid, now);
        }
        First known = isAsked ? first.getIfPresent(uid) : null;
        if (known == First.TRAINER) {
            return new PodBuilder(pod)
                    .editMetadata()
                    .withDeletionTimestamp(null)
                    .endMetadata()
                    .editStatus()
                    .removeMatchingFromConditions(condition -> PodDisruption.CONDITION.equals(condition.getType()))
                    .endStatus()
                    .build();
        }
        return known == First.REQUEST
                ? new PodBuilder(pod)
                        .editMetadata()
                        .addToAnnotations(PodDisruption.ASKED_TO_END, "true")
                        .endMetadata()
                        .build()
                : pod;
    }
}
