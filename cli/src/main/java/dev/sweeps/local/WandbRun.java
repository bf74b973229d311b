package dev.sweeps.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.sweeps.metrics.Metrics;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a program has logged with the library of Weights and Biases, read of the file that the library keeps of a run and has written when the run
 * is over: messages of wandb_internal.proto in the log format of LevelDB (doc/log_format.md there; datastore.py of wandb).
 *
 * @param reports of {@code wandb.log()}, in their order
 * @param summary last values, or what the program has put in their place
 */
record WandbRun(List<Metrics> reports, Metrics summary) {
    private static final WandbRun NONE = new WandbRun(List.of(), Metrics.NONE);

    /** Environment variable with the folder in which the library keeps runs. */
    static final String DIRECTORY = "WANDB_DIR";

    private static final int BLOCK = 32_768;

    /** Bytes of the header of the file and of each chunk of a message: a checksum, the length and the type of the chunk. */
    private static final int HEADER = 7;

    /** Field numbers of a Record message. */
    private static final int HISTORY = 2;

    private static final int SUMMARY = 3;

    /** Types of a chunk: a whole message, or its first, a middle or its last chunk. */
    private static final int WHOLE = 1;

    private static final int LAST = 4;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * The last run in a folder, up to what cannot be read.
     *
     * @param folder that {@link #DIRECTORY} names
     */
    static WandbRun of(Path folder) throws IOException {
        Optional<Path> file = lastRun(folder);
        if (file.isEmpty()) {
            return NONE;
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file.get()))) {
            return of(bytes);
        }
    }

    /** Sorts the folders of runs, whose names contain their times. */
    private static Optional<Path> lastRun(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("run-.*\\.wandb"))
                    .max(Comparator.comparing(Path::toString));
        }
    }

    static WandbRun of(InputStream file) throws IOException {
        List<Metrics> reports = new ArrayList<>();
        Metrics summary = Metrics.NONE;
        Messages messages = new Messages(file);
        try {
            for (ByteString message = messages.next(); message != null; message = messages.next()) {
                CodedInputStream in = message.newCodedInput();
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case HISTORY -> reports.add(metrics(in.readBytes()));
                        case SUMMARY -> summary = summary.with(metrics(in.readBytes()));
                        default -> in.skipField(tag);
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            // Not a message; the messages before it count.
        }
        return new WandbRun(List.copyOf(reports), summary);
    }

    /** Reads the messages of a file from their chunks. */
    private static final class Messages {
        private final InputStream file;
        private long position;

        Messages(InputStream file) throws IOException {
            this.file = file;
            read(HEADER);
        }

        /** Returns the next message; null at the end, or if there is no complete message. */
        ByteString next() throws IOException {
            ByteString message = ByteString.EMPTY;
            while (true) {
                int left = (int) (BLOCK - position % BLOCK);
                if (left < HEADER) {
                    read(left); // No piece begins there.
                }
                byte[] header = read(HEADER);
                if (header.length < HEADER || header[6] < WHOLE || header[6] > LAST) {
                    return null;
                }
                int length = Byte.toUnsignedInt(header[4]) | Byte.toUnsignedInt(header[5]) << 8;
                byte[] piece = read(length);
                if (piece.length < length) {
                    return null;
                }
                message = message.concat(ByteString.copyFrom(piece));
                if (header[6] == WHOLE || header[6] == LAST) {
                    return message;
                }
            }
        }

        private byte[] read(int count) throws IOException {
            byte[] bytes = file.readNBytes(count);
            position += bytes.length;
            return bytes;
        }
    }

    /** Reads a HistoryRecord or a SummaryRecord, whose items are in field 1. */
    private static Metrics metrics(ByteString message) throws IOException {
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        Set<String> notFinite = new LinkedHashSet<>();
        CodedInputStream in = message.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                addItem(in.readBytes(), values, notFinite);
            } else {
                in.skipField(tag);
            }
        }
        // The step of wandb.log() counts if the program logs no step of its own.
        Optional.ofNullable(values.get("_step")).ifPresent(step -> values.putIfAbsent(Metrics.STEP, step));
        values.keySet().removeIf(name -> name.startsWith("_"));
        return new Metrics(values, notFinite);
    }

    /** Reads an item: field 1 is a name, field 2 the parts of a nested name; the value is JSON in field 16 or a number in field 5 or 6. */
    private static void addItem(ByteString message, Map<String, BigDecimal> values, Set<String> notFinite)
            throws IOException {
        List<String> name = new ArrayList<>();
        JsonNode value = JSON.missingNode();
        CodedInputStream in = message.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1, 2 -> name.add(in.readString());
                case 5 -> value = JSON.getNodeFactory().numberNode(in.readSInt64());
                case 6 -> value = JSON.getNodeFactory().numberNode(in.readDouble());
                case 16 -> value = json(in.readString());
                default -> in.skipField(tag);
            }
        }
        add(String.join(".", name), value, values, notFinite);
    }

    private static JsonNode json(String text) throws InvalidProtocolBufferException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }

    /** Flattens nested metrics to names with dots, as in wandb's summary. */
    private static void add(String name, JsonNode value, Map<String, BigDecimal> values, Set<String> notFinite) {
        if (value.isObject()) {
            value.properties().forEach(field -> add(name + "." + field.getKey(), field.getValue(), values, notFinite));
        } else if (value.canConvertToLong() && value.isIntegralNumber()) {
            values.put(name, BigDecimal.valueOf(value.longValue()));
        } else if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            values.put(name, BigDecimal.valueOf(value.doubleValue()));
        } else if (value.isNumber() || value.isNull()) {
            notFinite.add(name);
        }
    }
}
