package dev.sweeps.trainer.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A program in TorchScript, PyTorch's subset of Python, which PyTorch runs itself. It reaches operations that DJL does not bind, and frees
 * what autograd does not need as soon as it is used, where DJL keeps every result until its manager is closed. The program has no weights;
 * its archive is made here of the text of its methods.
 */
public final class TorchScript implements AutoCloseable {
    private final Model model;
    private final PtSymbolBlock block;

    private TorchScript(Model model) {
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
    }

    /**
     * Loads a program.
     *
     * @param resource its text, beside this class
     * @param constants what stands for {@code $NAME$} in it
     */
    public static TorchScript load(String resource, Map<String, Object> constants) {
        Path archive = null;
        try {
            archive = Files.createTempFile("script", ".pt");
            write(archive, text(resource, constants));
            Engine.getInstance(); // Loads the natives.
            // Nothing here is worth specialising, and a profiled graph is compiled anew in the middle of a run.
            JniUtils.setGraphExecutorOptimize(false);
            Model model = Model.newInstance(resource, "PyTorch");
            model.load(archive.getParent(), archive.getFileName().toString());
            return new TorchScript(model);
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException("PyTorch does not take " + resource, e);
        } finally {
            delete(archive);
        }
    }

    /**
     * Calls a method that takes part in a graph.
     *
     * @param inputs tensors in the order of the method's parameters; those with one name that ends in {@code []} are a list together. The
     *     results belong to the manager of the first one.
     * @param gradients whether autograd looks on
     */
    public NDList forward(NDList inputs, boolean gradients) {
        return IValueUtils.forward(block, inputs, gradients);
    }

    /** Calls a method that changes tensors in place, without autograd. */
    public IValue call(String method, IValue... arguments) {
        return IValueUtils.runMethod(block, method, arguments);
    }

    /** A list of tensors as an argument. */
    public static IValue list(List<NDArray> tensors) {
        return IValue.listFrom(tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }

    @Override
    public void close() {
        model.close();
    }

    private static String text(String resource, Map<String, Object> constants) throws IOException {
        try (InputStream stream = TorchScript.class.getResourceAsStream(resource)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, Object> constant : constants.entrySet()) {
                text = text.replace(
                        "$" + constant.getKey() + "$", constant.getValue().toString());
            }
            return text;
        }
    }

    /** A TorchScript archive is a zip of stored entries: the module pickled, its code, its constants, the version of the format. */
    private static void write(Path archive, String code) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        // Protocol 2; an object of class Script in module __torch__, with the state {"training": False}.
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nScript\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            store(zip, "data.pkl", pickle.toByteArray());
            store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ZipEntry entry = new ZipEntry("archive/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCompressedSize(bytes.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
