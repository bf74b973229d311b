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
    /** A name that is nothing but a name, whatever a server says. */
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

    /** The commit that a revision was when it was last looked up; empty if it never was. */
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

    /** A file to lock while a blob is fetched. Not Python's own, whose lock is of another kind. */
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
            // Another process was quicker.
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without links, where Python copies too.
            Path part = Files.copy(blob(etag), unique(link));
            Files.move(part, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A name beside a file that no other process takes. Not a temporary file of Java's, which nobody else could read later. */
    static Path unique(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    private Path reference(String revision) {
        return model.resolve("refs").resolve(revision);
    }
}
