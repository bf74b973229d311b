package dev.sweeps.trainer.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * PyTorch's operations over lists of tensors, which DJL does not bind: a fused AdamW is one pass over the memory where single operations
 * take ten. They are reached through a TorchScript module without weights, whose archive is written here as text.
 */
public final class OptimizerScript implements AutoCloseable {
    private static final String CODE =
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M, x: Tensor) -> Tensor:
                return x
              def norm(self: __torch__.M, gradients: List[Tensor]) -> Tensor:
                return torch.norm(torch.stack(torch._foreach_norm(gradients, 2)), 2)
              def scale_(self: __torch__.M, tensors: List[Tensor], factor: float) -> int:
                torch._foreach_mul_(tensors, factor)
                return 0
              def zero_(self: __torch__.M, tensors: List[Tensor]) -> int:
                torch._foreach_zero_(tensors)
                return 0
              def adam_(self: __torch__.M, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], lr: float, eps: float) -> int:
                none = annotate(List[Tensor], [])
                torch._foreach_add_(steps, 1)
                torch._fused_adamw_(weights, gradients, first, second, none, steps, lr=lr, beta1=0.90000000000000002, beta2=0.999, weight_decay=0., eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
                return 0
            """;

    private final Model model;
    private final PtSymbolBlock script;

    private OptimizerScript(Model model) {
        this.model = model;
        this.script = (PtSymbolBlock) model.getBlock();
    }

    /** Writes the archive to a temporary file and loads it. */
    public static OptimizerScript load() {
        Path archive = null;
        try {
            archive = Files.createTempFile("optimizer", ".pt");
            write(archive);
            // Nothing here is worth specialising, and a profiled graph is compiled anew in the middle of a run.
            JniUtils.setGraphExecutorOptimize(false);
            Model model = Model.newInstance("optimizer", "PyTorch");
            model.load(archive.getParent(), archive.getFileName().toString());
            return new OptimizerScript(model);
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException("PyTorch does not take the optimizer's TorchScript", e);
        } finally {
            delete(archive);
        }
    }

    /** The Euclidean norm of all tensors as one vector. */
    public double norm(NDManager scratch, List<NDArray> tensors) {
        try (IValue list = list(tensors);
                IValue norm = IValueUtils.runMethod(script, "norm", list)) {
            return norm.toTensor((PtNDManager) scratch).getFloat();
        }
    }

    /** Multiplies all tensors in place. */
    public void scale(List<NDArray> tensors, double factor) {
        try (IValue list = list(tensors);
                IValue value = IValue.from(factor)) {
            IValueUtils.runMethod(script, "scale_", list, value).close();
        }
    }

    /** Sets all tensors to zero in place. */
    public void zero(List<NDArray> tensors) {
        try (IValue list = list(tensors)) {
            IValueUtils.runMethod(script, "zero_", list).close();
        }
    }

    /**
     * One step of Adam without decay, in place: {@code p -= lr * m' / (sqrt(v') + eps)} with bias-corrected moments, PyTorch's placement
     * of epsilon.
     *
     * @param steps a scalar for each weight, counted up here
     */
    public void adam(
            List<NDArray> weights,
            List<NDArray> gradients,
            List<NDArray> first,
            List<NDArray> second,
            List<NDArray> steps,
            double learningRate,
            double epsilon) {
        try (IValue w = list(weights);
                IValue g = list(gradients);
                IValue m = list(first);
                IValue v = list(second);
                IValue t = list(steps);
                IValue lr = IValue.from(learningRate);
                IValue eps = IValue.from(epsilon)) {
            IValueUtils.runMethod(script, "adam_", w, g, m, v, t, lr, eps).close();
        }
    }

    /** A counter for {@link #adam}: a scalar zero. */
    public static NDArray counter(NDManager manager) {
        return manager.zeros(new Shape());
    }

    @Override
    public void close() {
        model.close();
    }

    private static IValue list(List<NDArray> arrays) {
        return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }

    /** A TorchScript archive is a zip of stored entries: the module pickled, its code, its constants, the version of the format. */
    private static void write(Path archive) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        // Protocol 2; an object of class M in module __torch__, with the state {"training": False}.
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nM\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            store(zip, "data.pkl", pickle.toByteArray());
            store(zip, "code/__torch__.py", CODE.getBytes(StandardCharsets.UTF_8));
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
