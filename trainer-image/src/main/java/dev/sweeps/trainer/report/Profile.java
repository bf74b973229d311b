package dev.sweeps.trainer.report;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Time of each phase of a training. The first steps, which allocate memory and compile code, do not count. */
public final class Profile {
    /** Steps that do not count. */
    private static final int WARM_UP = 3;

    /** Phases of a training step. */
    public enum Phase {
        /** Choosing examples and laying their tokens side by side. */
        PACK,
        FORWARD,
        BACKWARD,
        /** Norm of the gradient, clipping, update. */
        OPTIMIZER,
        EVALUATION,
        CHECKPOINT,
        OTHER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
    private Phase phase = Phase.OTHER;
    private long since = System.nanoTime();
    private int steps;
    private long samples;
    private long tokens;
    private double flops;
    private Duration toFirstStep = Duration.ZERO;

    /** Starts a phase. */
    public void enter(Phase next) {
        long now = System.nanoTime();
        nanos.merge(phase, now - since, Long::sum);
        phase = next;
        since = now;
    }

    /**
     * A step is done.
     *
     * @param flops floating-point operations of its matrix products
     */
    public void step(int samples, long tokens, double flops) {
        enter(Phase.OTHER);
        steps++;
        if (steps == 1) {
            toFirstStep = ProcessHandle.current()
                    .info()
                    .startInstant()
                    .map(start -> Duration.between(start, Instant.now()))
                    .orElse(Duration.ZERO);
        }
        if (steps <= WARM_UP) {
            nanos.clear();
            return;
        }
        this.samples += samples;
        this.tokens += tokens;
        this.flops += flops;
    }

    /** Training alone, without evaluation and checkpoints; 0 before enough steps are done. */
    public double samplesPerSecond() {
        return samples == 0 ? 0 : samples / seconds();
    }

    /** On average. */
    double samplesPerStep() {
        return steps <= WARM_UP ? 0 : (double) samples / (steps - WARM_UP);
    }

    /** All figures by name; {@code seconds} by phase. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("steps", Math.max(0, steps - WARM_UP));
        figures.put("samples_per_second", samplesPerSecond());
        figures.put("tokens_per_second", tokens == 0 ? 0 : tokens / seconds());
        figures.put("gflops", flops == 0 ? 0 : flops / seconds() / 1e9);
        figures.put("start_to_first_step_s", toFirstStep.toMillis() / 1e3);
        Map<String, Double> phases = new LinkedHashMap<>();
        nanos.forEach((one, time) -> phases.put(one.toString(), time / 1e9));
        figures.put("seconds", phases);
        return figures;
    }

    /** For people. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%d steps after the first %d: %.1f samples/s, %.0f tokens/s, %.0f GFLOPS in matrix products; first step %.1f s after the start%n",
                Math.max(0, steps - WARM_UP),
                WARM_UP,
                samplesPerSecond(),
                tokens / Math.max(1e-9, seconds()),
                flops / Math.max(1e-9, seconds()) / 1e9,
                toFirstStep.toMillis() / 1e3));
        double all = nanos.values().stream().mapToLong(Long::longValue).sum();
        nanos.forEach((one, time) -> table.append(
                String.format(Locale.ROOT, "  %-12s %8.3f s  %4.1f %%%n", one, time / 1e9, 100 * time / all)));
        return table.toString();
    }

    private double seconds() {
        return nanos.entrySet().stream()
                        .filter(one -> one.getKey() != Phase.EVALUATION && one.getKey() != Phase.CHECKPOINT)
                        .mapToLong(Map.Entry::getValue)
                        .sum()
                / 1e9;
    }
}
