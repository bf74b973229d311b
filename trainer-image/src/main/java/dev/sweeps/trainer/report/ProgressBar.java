package dev.sweeps.trainer.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** How far a training is, on one line of a terminal that is written again and again. */
public final class ProgressBar {
    private static final int WIDTH = 24;
    private static final long PAUSE_NANOS = 200_000_000;
    /** To the start of the line, and away with what stands there. */
    private static final String CLEAR = "\r\u001B[K";

    private final PrintStream terminal;
    private long last;
    private boolean shown;

    /**
     * @param terminal null where nobody looks at one
     */
    public ProgressBar(PrintStream terminal) {
        this.terminal = terminal;
    }

    /** Draws the bar, at most five times a second. */
    public void show(int step, int steps, double epoch, double loss, double samplesPerSecond, Duration left) {
        long now = System.nanoTime();
        if (terminal == null || now - last < PAUSE_NANOS && step < steps) {
            return;
        }
        last = now;
        shown = true;
        int done = (int) ((long) WIDTH * step / steps);
        terminal.printf(
                Locale.ROOT,
                "%s%s%s %d/%d  epoch %.2f  loss %.4f  %.1f samples/s  %d:%02d left",
                CLEAR,
                "█".repeat(done),
                "░".repeat(WIDTH - done),
                step,
                steps,
                epoch,
                loss,
                samplesPerSecond,
                left.toMinutes(),
                left.toSecondsPart());
        terminal.flush();
    }

    /** Makes room for a line of something else. */
    public void clear() {
        if (shown) {
            terminal.print(CLEAR);
            terminal.flush();
            shown = false;
        }
    }
}
