package dev.sweeps.cli;

import dev.sweeps.page.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.batik.transcoder.SVGAbstractTranscoder;
import org.apache.batik.transcoder.TranscoderException;
import org.apache.batik.transcoder.TranscoderInput;
import org.apache.batik.transcoder.TranscoderOutput;
import org.apache.batik.transcoder.image.PNGTranscoder;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** The charts of the page as pictures, drawn by the same script without a browser. */
final class Pictures {
    /** Width of the SVG in pixels; the PNG has twice as many. */
    private static final int WIDTH = 900;

    /** Objects of a browser that the script refers to while it is loaded. */
    private static final String BROWSER =
            "var window = globalThis; var navigator = {userAgent: 'Node.js'}; var setTimeout = function () { return 0; }; var clearTimeout = function () {};";

    private Pictures() {}

    /**
     * One picture.
     *
     * @param id a name for its file
     */
    record Picture(String id, String title, String description, String svg) {

        void write(Path directory) throws IOException {
            Path file = directory.resolve(id + ".svg");
            Files.writeString(file, svg);
            TranscoderInput drawing = new TranscoderInput(new StringReader(svg));
            drawing.setURI(file.toUri().toString());
            PNGTranscoder transcoder = new PNGTranscoder();
            transcoder.addTranscodingHint(SVGAbstractTranscoder.KEY_WIDTH, 2f * WIDTH);
            try (OutputStream png = Files.newOutputStream(directory.resolve(id + ".png"))) {
                transcoder.transcode(drawing, new TranscoderOutput(png));
            } catch (TranscoderException e) {
                throw new IOException(id + " cannot be made a PNG: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Every chart that the report has something for.
     *
     * @param report a SweepReport as JSON
     */
    static List<Picture> draw(String report) {
        try (Engine engine = Engine.newBuilder("js")
                        .option("engine.WarnInterpreterOnly", "false")
                        .build();
                Context context = Context.newBuilder("js").engine(engine).build()) {
            context.eval("js", BROWSER);
            context.eval(Source.create("js", Page.file(Page.PICTURES)));
            Value drawn = context.eval("js", "pictures.draw").execute(report, WIDTH);
            return LongStream.range(0, drawn.getArraySize())
                    .mapToObj(drawn::getArrayElement)
                    .map(picture -> new Picture(
                            text(picture, "id"),
                            text(picture, "title"),
                            text(picture, "description"),
                            text(picture, "svg")))
                    .toList();
        }
    }

    /** Writes the pictures into a folder. Files of an earlier report with other charts stay. */
    static List<Picture> write(String report, Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Picture> written = new ArrayList<>();
        for (Picture picture : draw(report)) {
            picture.write(directory);
            written.add(picture);
        }
        return written;
    }

    private static String text(Value object, String member) {
        return object.getMember(member).asString();
    }
}
