package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.operator.cluster.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Pods of trials that were deleted a short time ago: what one left may be the result of its trial. */
final class DeletedPods {
    /** By then the Job has ended too, and the result is recorded. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Cache<ResourceID, List<Pod>> byTrial = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();

    void add(Pod pod) {
        Labels.trialOf(pod).forEach(trial -> byTrial.asMap().merge(trial, List.of(pod), DeletedPods::joined));
    }

    /** The Pods of a trial: those that are there and those that were deleted. Of a Pod that is both, the one that is there. */
    List<Pod> and(ResourceID trial, Collection<Pod> there) {
        Map<String, Pod> byUid = new HashMap<>();
        List<Pod> deleted = byTrial.getIfPresent(trial);
        joined(deleted == null ? List.of() : deleted, there)
                .forEach(pod -> byUid.put(pod.getMetadata().getUid(), pod));
        return List.copyOf(byUid.values());
    }

    private static List<Pod> joined(Collection<Pod> earlier, Collection<Pod> later) {
        return Stream.concat(earlier.stream(), later.stream()).toList();
    }
}
