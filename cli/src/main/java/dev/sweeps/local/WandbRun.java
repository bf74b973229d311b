package dev.sweeps.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.sweeps.metrics.Metrics;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** Names the folder in which the library keeps runs. */
    static final String DIRECTORY = "WANDB_DIR";

    private static final int BLOCK = 32_768;

    /** Of the file, and of each piece of a message: a checksum, the length and the type of the piece. */
    private static final int HEADER = 7;

    /** Fields of a message of the type Record. */
    private static final int HISTORY = 2;

    private static final int SUMMARY = 3;

    /** Types of a piece: a whole message, or its first, a middle or its last piece. */
    private static final int WHOLE = 1;

    private static final int LAST = 4;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * The last run in a folder, up to what cannot be read.
     *
     * @param folder that {@link #DIRECTORY} names
     */
    static WandbRun of(Path folder) throws IOException {
        Optional<Path> file = lastRun(folder);
        return file.isEmpty() ? NONE : of(Files.readAllBytes(file.get()));
    }

    /** Folders of runs have their times in their names. */
    private static Optional<Path> lastRun(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> file.getFileName().toString().matches("run-.*\\.wandb"))
                    .max(Comparator.comparing(Path::toString));
        }
    }

    static WandbRun of(byte[] file) {
        List<Metrics> reports = new ArrayList<>();
        Metrics summary = Metrics.NONE;
        try {
            for (ByteString message : messages(file)) {
                CodedInputStream in = message.newCodedInput();
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case HISTORY -> reports.add(metrics(in.readBytes()));
                        case SUMMARY -> summary = summary.with(metrics(in.readBytes()));
                        default -> in.skipField(tag);
                    }
                }
            }
        } catch (IOException e) {
            // Not a message: what was read before it counts.
        }
        return new WandbRun(List.copyOf(reports), summary);
    }

    /** The whole messages of a file. */
    private static List<ByteString> messages(byte[] file) {
        List<ByteString> messages = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        ByteString message = ByteString.EMPTY;
        for (int at = HEADER; at + HEADER <= file.length; ) {
            int left = BLOCK - at % BLOCK;
            if (left < HEADER) {
                at += left; // No piece begins there.
                continue;
            }
            int length = Short.toUnsignedInt(bytes.getShort(at + 4));
            int type = bytes.get(at + 6);
            if (type < WHOLE || type > LAST || at + HEADER + length > file.length) {
                break;
            }
            message = message.concat(ByteString.copyFrom(file, at + HEADER, length));
            at += HEADER + length;
            if (type == WHOLE || type == LAST) {
                messages.add(message);
                message = ByteString.EMPTY;
            }
        }
        return messages;
    }

    /** A HistoryRecord or a SummaryRecord: items in field 1. */
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
        // The step of wandb.log() is the step where the program logs none of its own.
        Optional.ofNullable(values.get("_step")).ifPresent(step -> values.putIfAbsent(Metrics.STEP, step));
        values.keySet().removeIf(name -> name.startsWith("_"));
        return new Metrics(values, notFinite);
    }

    /** An item: 1 a name or 2 the parts of one, and its value, 16 as JSON or 5 and 6 as a number. */
    private static void addItem(ByteString message, Map<String, BigDecimal> values, Set<String> notFinite)
            throws IOException {
        List<String> name = new ArrayList<>();
        JsonNode value = JSON.nullNode();
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

    /** Metrics in metrics are named with dots, as wandb's summary names them. */
    private static void add(String name, JsonNode value, Map<String, BigDecimal> values, Set<String> notFinite) {
        if (value.isObject()) {
            value.properties().forEach(field -> add(name + "." + field.getKey(), field.getValue(), values, notFinite));
        } else if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            values.put(name, value.decimalValue());
        } else if (value.isNumber() || (value.isTextual() && value.textValue().matches("NaN|-?Infinity"))) {
            notFinite.add(name);
        }
    }
}
