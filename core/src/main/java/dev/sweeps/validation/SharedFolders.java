package dev.sweeps.validation;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.search.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Folders that all trials of a sweep write to: a constant {@code output_dir}, where one trial overwrites or refuses what another wrote. */
public final class SharedFolders {
    /** Names of such parameters and flags in Hugging Face's Trainer, Lightning, mmengine and common programs. */
    private static final Set<String> NAMES = Set.of(
            "output_dir",
            "output_path",
            "out_dir",
            "outdir",
            "save_dir",
            "save_path",
            "checkpoint_dir",
            "ckpt_dir",
            "logging_dir",
            "log_dir",
            "logdir",
            "model_dir",
            "results_dir",
            "work_dir",
            "run_dir",
            "default_root_dir");

    private static final Pattern FLAG = Pattern.compile("--?([A-Za-z_-]+)=(.+)");

    private SharedFolders() {}

    /** A sentence for each folder that the trials share on this machine; none for a sweep of one trial. */
    public static List<String> onThisMachine(SweepSpec spec) {
        return sentences(spec, folder -> true);
    }

    /** A sentence for each folder that the Pods of the trials share: those on a volume. What a Pod writes elsewhere is its own. */
    public static List<String> onACluster(SweepSpec spec) {
        List<String> mounts = mountPaths(spec).toList();
        return sentences(spec, folder -> mounts.stream()
                .anyMatch(mount -> folder.equals(mount) || folder.startsWith(mount.replaceAll("/+$", "") + "/")));
    }

    private static List<String> sentences(SweepSpec spec, java.util.function.Predicate<String> isShared) {
        List<String> sentences = new ArrayList<>();
        SearchSpace space = SearchSpace.of(spec.parameters());
        boolean isOneTrial = space.varying().isEmpty() && spec.replicates() == 1;
        if (isOneTrial) {
            return sentences;
        }
        spec.parameters().forEach((name, parameter) -> {
            Optional<String> folder = Optional.ofNullable(parameter)
                    .filter(constant -> isFolder(name)
                            && constant.value() != null
                            && constant.value().isTextual())
                    .map(constant -> constant.value().textValue())
                    .filter(isShared);
            folder.ifPresent(shared -> sentences.add("parameters." + name + ": all trials write to " + shared
                    + "; remove the parameter, and add --" + name + "=" + shared.replaceAll("/+$", "")
                    + "/${trial} to command, so that each has a folder of its own"));
        });
        List<String> words = spec.command() == null ? List.of() : spec.command();
        for (int i = 0; i < words.size(); i++) {
            Matcher flag = FLAG.matcher(words.get(i));
            boolean isFlag = flag.matches()
                    && isFolder(flag.group(1))
                    && !flag.group(2).contains("${")
                    && isShared.test(flag.group(2));
            if (isFlag) {
                sentences.add("command[" + i + "]: all trials write to " + flag.group(2) + "; write --" + flag.group(1)
                        + "=" + flag.group(2).replaceAll("/+$", "")
                        + "/${trial}, so that each has a folder of its own");
            }
        }
        return sentences;
    }

    private static boolean isFolder(String name) {
        return NAMES.contains(name.replace('-', '_').toLowerCase(Locale.ROOT));
    }

    private static Stream<String> mountPaths(SweepSpec spec) {
        Object pod = spec.template() == null ? null : spec.template().get("spec");
        Object containers = pod instanceof Map<?, ?> map ? map.get("containers") : null;
        return list(containers)
                .filter(container -> Api.TRAINER_CONTAINER.equals(container.get("name")))
                .flatMap(container -> list(container.get("volumeMounts")))
                .map(mount -> mount.get("mountPath"))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    private static Stream<Map<?, ?>> list(Object value) {
        return value instanceof List<?> list
                ? list.stream().filter(Map.class::isInstance).map(element -> (Map<?, ?>) element)
                : Stream.empty();
    }
}
