package dev.sweeps.trainer.hub;

import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import dev.sweeps.trainer.hub.HubClient.Metadata;
import dev.sweeps.trainer.hub.HubException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Downloads models of the Hugging Face Hub by their id, into a cache that Python's huggingface_hub can use too. */
public final class Hub {
    /** Alternative names of a file, the first available of which is needed. */
    private record Wanted(List<String> names, boolean required) {}

    private static final List<Wanted> TOKENIZER = List.of(
            new Wanted(List.of("tokenizer.json", "vocab.txt"), true),
            new Wanted(List.of("tokenizer_config.json"), false));

    /** Files in order of their download, the large one last, so that errors are found before it is downloaded. */
    private static final List<Wanted> MODEL = List.of(
            new Wanted(List.of("config.json"), true),
            TOKENIZER.get(0),
            TOKENIZER.get(1),
            new Wanted(List.of("model.safetensors"), true));

    private final HubSettings settings;
    private final HubClient client;
    private final Consumer<String> say;

    /**
     * @param say tells people of downloads
     */
    public Hub(HubSettings settings, Consumer<String> say) {
        this(settings, Duration.ofSeconds(1), say);
    }

    Hub(HubSettings settings, Duration pause, Consumer<String> say) {
        this.settings = settings;
        this.client = new HubClient(settings, pause, say);
        this.say = say;
    }

    /** Whether a text can be the id of a model: {@code bert-base-uncased}, {@code owner/name}. */
    public static boolean isId(String text) {
        return text.matches("[0-9A-Za-z][0-9A-Za-z._-]{0,95}(/[0-9A-Za-z][0-9A-Za-z._-]{0,95})?")
                && !text.contains("..")
                && !text.contains("--");
    }

    /**
     * The folder of a model with all that a trainer reads, fetched if it is not there yet.
     *
     * @param revision a branch, a tag or a commit
     * @throws TrainingException with {@link ExitCode#BAD_INPUT} if it cannot be had
     */
    public Path model(String id, String revision) {
        return folder(id, revision, MODEL);
    }

    /** Returns the folder of a tokenizer, like {@link #model}. */
    public Path tokenizer(String id, String revision) {
        return folder(id, revision, TOKENIZER);
    }

    private Path folder(String id, String revision, List<Wanted> files) {
        if (!revision.matches("[0-9A-Za-z][0-9A-Za-z._/-]{0,199}") || revision.contains("..")) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--revision is \"" + revision + "\"; use a branch, a tag or a commit, such as main");
        }
        HubCache cache = new HubCache(settings.cache(), id);
        try {
            Optional<Path> known = cache.commit(revision).map(cache::snapshot).filter(snapshot -> has(snapshot, files));
            if (settings.offline() || HubCache.isCommit(revision) && known.isPresent()) {
                return known.orElseThrow(() -> unavailable(id, revision, "HF_HUB_OFFLINE is set"));
            }
            try {
                return fetch(cache, id, revision, files);
            } catch (HubException e) {
                if (e.kind() == Kind.UNREACHABLE && known.isPresent()) {
                    say.accept(e.getMessage() + "; using " + known.get() + " of the cache");
                    return known.get();
                }
                throw unavailable(id, revision, e.getMessage());
            }
        } catch (IOException e) {
            throw TrainingException.badInput("the model " + id + " cannot be kept in " + settings.cache() + " (" + e
                    + "); mount a volume there that can be written to, or set HF_HOME or --cache_dir");
        }
    }

    /** Downloads all files of the same commit, even if the revision moves meanwhile. */
    private Path fetch(HubCache cache, String id, String revision, List<Wanted> files)
            throws HubException, IOException {
        String commit = client.metadata(id, revision, "config.json").commit();
        for (Wanted wanted : files) {
            fetch(cache, id, commit, wanted);
        }
        cache.setCommit(revision, commit);
        return cache.snapshot(commit);
    }

    private void fetch(HubCache cache, String id, String commit, Wanted wanted) throws HubException, IOException {
        for (String file : wanted.names) {
            if (Files.exists(cache.snapshot(commit).resolve(file))) {
                return;
            }
        }
        HubException missing = null;
        for (String file : wanted.names) {
            try {
                Metadata metadata = client.metadata(id, commit, file);
                fetch(cache, metadata, file);
                cache.link(commit, file, metadata.etag());
                return;
            } catch (HubException e) {
                if (e.kind() != Kind.NO_FILE) {
                    throw e;
                }
                missing = e;
            }
        }
        if (wanted.required) {
            throw new HubException(
                    Kind.REFUSED,
                    missing.getMessage() + ", and this trainer reads " + String.join(" or ", wanted.names) + " only");
        }
    }

    /** Downloads once, however many processes need it: the others wait. */
    @SuppressWarnings("try") // The lock is held, not used.
    private void fetch(HubCache cache, Metadata metadata, String file) throws HubException, IOException {
        Path blob = cache.blob(metadata.etag());
        if (Files.exists(blob)) {
            return;
        }
        Files.createDirectories(blob.getParent());
        try (FileChannel channel = FileChannel.open(
                        cache.lock(metadata.etag()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, file)) {
            if (!Files.exists(blob)) {
                Path part = blob.resolveSibling(metadata.etag() + ".sweeps.incomplete");
                client.download(metadata, file, part, blob);
            }
        }
    }

    private FileLock lock(FileChannel channel, String file) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            say.accept("waiting for another process that is fetching " + file);
            lock = channel.lock();
        }
        return lock;
    }

    private static boolean has(Path snapshot, List<Wanted> files) {
        return files.stream().filter(Wanted::required).allMatch(wanted -> wanted.names.stream()
                .anyMatch(file -> Files.exists(snapshot.resolve(file))));
    }

    private TrainingException unavailable(String id, String revision, String why) {
        return TrainingException.badInput(
                id + " is not a folder (in "
                        + Path.of("").toAbsolutePath() + "), and as a model of the Hub (revision " + revision
                        + ") it is not whole in " + settings.cache() + ": " + why
                        + ". Mount the model as a folder, or a volume with it at HF_HOME, or set HF_ENDPOINT to a Hub that can be reached");
    }
}
