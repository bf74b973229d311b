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

/** Remembers recently deleted Pods of trials, because the last state of a Pod can hold the result of its trial. */
final class DeletedPods {
    /** Long enough for the Job to end and the result to be recorded. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Cache<ResourceID, List<Pod>> byTrial = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();

    void add(Pod pod) {
        Labels.trialOf(pod).forEach(trial -> byTrial.asMap().merge(trial, List.of(pod), DeletedPods::joined));
    }

    /** Returns the existing and the deleted Pods of a trial. If a Pod is in both sets, the existing one wins. */
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
