package dev.sweeps.trainer.hub;

import dev.sweeps.trainer.TrainingException;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.hub.HubClient.Metadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The data of the GLUE tasks from where {@code download_glue_data.py} gets them (dl.fbaipublicfiles.com), or from a mirror of the same files
 * at {@code GLUE_URL}. Sizes and checksums are those that Hugging Face's datasets and TensorFlow Datasets know.
 */
public final class GlueDownload {
    private static final String OFFICIAL = "https://dl.fbaipublicfiles.com";

    /**
     * @param path below the address
     */
    record Source(String path, long size, String sha256) {}

    private static final Map<GlueTask, List<Source>> SOURCES = Map.of(
            GlueTask.COLA,
            List.of(new Source(
                    "glue/data/CoLA.zip", 376_971, "f212fcd832b8f7b435fb991f101abf89f96b933ab400603bf198960dfc32cbff")),
            GlueTask.SST2,
            List.of(new Source(
                    "glue/data/SST-2.zip",
                    7_439_277,
                    "d67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa")),
            GlueTask.MRPC,
            List.of(
                    new Source(
                            "senteval/senteval_data/msr_paraphrase_train.txt",
                            1_047_044,
                            "60a9b09084528f0673eedee2b69cb941920f0b8cd0eeccefc464a98768457f89"),
                    new Source(
                            "glue/data/mrpc_dev_ids.tsv",
                            6_222,
                            "971d7767d81b997fd9060ade0ec23c4fc31cbb226a55d1bd4a1bac474eb81dc7")),
            GlueTask.STSB,
            List.of(new Source(
                    "glue/data/STS-B.zip",
                    802_872,
                    "e60a6393de5a8b5b9bac5020a1554b54e3691f9d600b775bd131e613ac179c85")),
            GlueTask.QQP,
            List.of(new Source(
                    "glue/data/QQP-clean.zip",
                    41_696_084,
                    "40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0")),
            GlueTask.MNLI,
            List.of(new Source(
                    "glue/data/MNLI.zip",
                    312_783_507,
                    "e7c1d896d26ed6caf700110645df426cc2d8ebf02a5ab743d5a5c68ac1c83633")),
            GlueTask.QNLI,
            List.of(new Source(
                    "glue/data/QNLIv2.zip",
                    10_627_589,
                    "e634e78627a29adaecd4f955359b22bf5e70f2cbd93b493f2d624138a0c0e5f5")),
            GlueTask.RTE,
            List.of(new Source(
                    "glue/data/RTE.zip", 697_150, "6bf86de103ecd335f3441bd43574d23fef87ecc695977a63b82d5efb206556ee")),
            GlueTask.WNLI,
            List.of(new Source(
                    "glue/data/WNLI.zip", 28_999, "ae0e8e4d16f4d46d4a0a566ec7ecceccfd3fbfaa4a7a4b4e02848c0f2561ac46")));

    /** Files of a task. Other files in an archive are ignored. */
    private static final Set<String> FILES = Set.of("train.tsv", "dev.tsv", "dev_matched.tsv", "dev_mismatched.tsv");

    private final URI address;
    private final Path cache;
    private final boolean offline;
    private final HubClient client;
    private final Map<GlueTask, List<Source>> sources;
    private final Consumer<String> say;

    /**
     * @param environment {@code GLUE_URL} is a mirror; data are kept beside the models of the Hub
     * @param say tells people of downloads
     */
    public GlueDownload(HubSettings settings, Map<String, String> environment, Consumer<String> say) {
        this(settings, environment.getOrDefault("GLUE_URL", OFFICIAL), SOURCES, say);
    }

    GlueDownload(HubSettings settings, String address, Map<GlueTask, List<Source>> sources, Consumer<String> say) {
        this.address = HubSettings.address("GLUE_URL", address);
        this.cache = settings.cache().resolveSibling("glue");
        this.offline = settings.offline();
        this.client = new HubClient(settings, Duration.ofSeconds(1), say);
        this.sources = sources;
        this.say = say;
    }

    /**
     * A folder with the files of a task, fetched if it is not there yet.
     *
     * @param wanted the folder that was asked for and is not there
     * @throws TrainingException if the files cannot be had
     */
    public Path folder(GlueTask task, Path wanted) {
        Path folder = cache.resolve(task.taskName());
        if (Files.isDirectory(folder)) {
            return folder;
        }
        String missing =
                "--data_dir " + wanted + " is not a folder (in " + Path.of("").toAbsolutePath() + ")";
        if (offline) {
            throw TrainingException.badInput(
                    missing + ", and HF_HUB_OFFLINE is set; mount the data there or correct --data_dir");
        }
        try {
            say.accept(missing + "; fetching " + task.taskName() + " to " + folder);
            fetch(task, folder);
            return folder;
        } catch (HubException e) {
            throw TrainingException.badInput(missing + ", and " + e.getMessage()
                    + "; mount a folder with train.tsv and dev.tsv there, correct --data_dir, or set GLUE_URL to a mirror of "
                    + OFFICIAL);
        } catch (IOException e) {
            throw TrainingException.badInput(missing + ", and the data of " + task.taskName() + " cannot be kept in "
                    + cache + " (" + e + "); mount the data, or a volume that can be written to at HF_HOME");
        }
    }

    /** Downloads once, however many processes need it: the others wait. */
    @SuppressWarnings("try") // The lock is held, not used.
    private void fetch(GlueTask task, Path folder) throws HubException, IOException {
        Files.createDirectories(cache);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve(task.taskName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (Files.isDirectory(folder)) {
                return;
            }
            List<Path> files = new ArrayList<>();
            for (Source source : sources.get(task)) {
                Path file = cache.resolve(source.sha256);
                if (!Files.exists(file)) {
                    Metadata metadata =
                            new Metadata("", source.sha256, source.size, URI.create(address + "/" + source.path));
                    client.download(metadata, source.path, cache.resolve(source.sha256 + ".incomplete"), file);
                }
                files.add(file);
            }
            Path making = Files.createDirectory(HubCache.unique(folder));
            if (task == GlueTask.MRPC) {
                split(files.get(0), files.get(1), making);
            } else {
                unpack(files.get(0), making);
            }
            Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Unpacks files by the last part of their names, so that no file is written outside the folder. */
    private static void unpack(Path archive, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                // CoLA's archive has a folder "original" with files of the same names.
                if (FILES.contains(file) && !entry.getName().contains("/original/")) {
                    Files.copy(zip, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Makes MRPC from Microsoft's file, as download_glue_data.py does, because its GLUE form may not be distributed. */
    private static void split(Path pairs, Path devIds, Path folder) throws IOException {
        Set<String> dev = new HashSet<>();
        Files.readAllLines(devIds).forEach(line -> dev.add(line.strip()));
        try (BufferedReader rows = Files.newBufferedReader(pairs);
                Writer trainFile = Files.newBufferedWriter(folder.resolve("train.tsv"));
                Writer devFile = Files.newBufferedWriter(folder.resolve("dev.tsv"))) {
            String header = rows.readLine();
            trainFile.write(header + "\n");
            devFile.write(header + "\n");
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                String[] cells = row.strip().split("\t");
                (dev.contains(cells[1] + "\t" + cells[2]) ? devFile : trainFile).write(row.strip() + "\n");
            }
        }
    }
}
