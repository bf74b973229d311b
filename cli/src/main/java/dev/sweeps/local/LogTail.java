package dev.sweeps.local;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.search.Hyperband;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads a growing log, each line once. If the program prints no metric, reads what it has logged with wandb. */
final class LogTail {
    /** Number of bytes that are read at once. Of a longer line only a piece is read. */
    private static final int PIECE = 1 << 20;

    private final Path log;
    private final Path wandb;
    private final Metric metric;
    private final List<Integer> bands;
    private final LogDigest.Reader reader;
    private long position;

    /** @param wandb folder of {@link WandbRun} */
    LogTail(Path log, Path wandb, SweepSpec spec) {
        this.log = log;
        this.wandb = wandb;
        this.metric = spec.metric();
        this.bands = spec.earlyTerminate() == null
                ? List.of()
                : Hyperband.of(spec.earlyTerminate()).bands();
        this.reader = new LogDigest.Reader(metric, bands);
    }

    /** Reads the complete lines that were added. */
    LogDigest read() throws IOException {
        return read(false);
    }

    /** Reads the rest after the program has ended, including its last line and the file of wandb. */
    LogDigest readToTheEnd() throws IOException {
        LogDigest printed = read(true);
        if (!printed.history().isEmpty()) {
            return printed;
        }
        WandbRun run = WandbRun.of(wandb);
        LogDigest.Reader logged = new LogDigest.Reader(metric, bands);
        run.reports().forEach(logged::add);
        return logged.digest().with(run.summary()).after(printed, metric);
    }

    /** Whether unread bytes remain. */
    boolean hasGrown() throws IOException {
        return Files.exists(log) && Files.size(log) > position;
    }

    private LogDigest read(boolean ended) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(log)) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            while (file.position(position).read(piece.clear()) > 0) {
                int whole = whole(piece, ended);
                if (whole == 0) {
                    break;
                }
                LogDigest.lines(new String(piece.array(), 0, whole, StandardCharsets.UTF_8))
                        .forEachOrdered(reader::add);
                position += whole;
            }
        } catch (NoSuchFileException e) {
            // The program has printed nothing yet.
        }
        return ended ? reader.end() : reader.digest();
    }

    /** Returns the number of bytes up to the end of the last complete line. */
    private static int whole(ByteBuffer piece, boolean ended) {
        int length = piece.position();
        for (int i = length; i > 0; i--) {
            if (piece.get(i - 1) == '\n') {
                return i;
            }
        }
        return ended || length == PIECE ? length : 0;
    }
}
