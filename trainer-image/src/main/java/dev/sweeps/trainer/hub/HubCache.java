package dev.sweeps.trainer.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One model in a cache folder, as Python's huggingface_hub lays it out, so that either can use what the other one fetched:
 * {@code blobs/<etag>} has the bytes, {@code snapshots/<commit>/<file>} are links to them, {@code refs/<revision>} names a commit.
 */
final class HubCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    /** A plain file name, which a server cannot use to write elsewhere. */
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,199}");

    private final Path model;
    private final Path locks;

    HubCache(Path cache, String repository) {
        String folder = "models--" + repository.replace("/", "--");
        this.model = cache.resolve(folder);
        this.locks = cache.resolve(".locks").resolve(folder);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Returns the commit of a revision at its last lookup; empty if there was none. */
    Optional<String> commit(String revision) throws IOException {
        if (isCommit(revision)) {
            return Optional.of(revision);
        }
        Path reference = reference(revision);
        return Files.exists(reference)
                ? Optional.of(Files.readString(reference).strip()).filter(HubCache::isCommit)
                : Optional.empty();
    }

    void setCommit(String revision, String commit) throws IOException {
        if (!isCommit(revision)) {
            Path reference = reference(revision);
            Files.createDirectories(reference.getParent());
            Path part = Files.writeString(unique(reference), commit);
            Files.move(part, reference, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path snapshot(String commit) {
        return model.resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return model.resolve("blobs").resolve(etag);
    }

    /** Returns the lock file of a download. It differs from Python's, whose lock is of another kind. */
    Path lock(String etag) throws IOException {
        return Files.createDirectories(locks).resolve(etag + ".sweeps.lock");
    }

    /** Makes a file of a snapshot of a blob that is there. */
    void link(String commit, String file, String etag) throws IOException {
        Path link = Files.createDirectories(snapshot(commit)).resolve(file);
        if (Files.exists(link)) {
            return;
        }
        Files.deleteIfExists(link); // A link to a blob that is gone.
        try {
            Files.createSymbolicLink(link, link.getParent().relativize(blob(etag)));
        } catch (FileAlreadyExistsException e) {
            // Another process has created it.
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without links; Python copies too.
            Path part = Files.copy(blob(etag), unique(link));
            Files.move(part, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Returns a name beside a file that no other process uses. A temporary file of Java could not be read by other users later. */
    static Path unique(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    private Path reference(String revision) {
        return model.resolve("refs").resolve(revision);
    }
}
