package dev.sweeps.hack.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Writes a set of premises and hypotheses in RTE's layout that a small encoder can learn in a minute: {@code GenerateRte OUT SEED}.
 *
 * <p>A premise tells who did what, when and where. A hypothesis that repeats part of it follows from it. Half of those that do not follow
 * say so in a word ("never"), which one layer learns too; the others name another person, another place or the opposite deed, which
 * only a model finds that compares the two sentences. A few labels are wrong, as they are in life, so that the best is not perfect.
 */
public final class GenerateRte {
    private static final int TRAIN = 1_000;
    private static final int DEV = 200;
    private static final double WRONG_LABELS = 0.04;

    private static final String[] PEOPLE = {
        "Anna", "Peter", "Maria", "John", "Laura", "David", "Sarah", "Michael", "Emma", "Robert", "Julia", "Thomas",
        "Alice", "Daniel"
    };
    private static final String[] PLACES = {
        "Oslo", "Paris", "London", "Berlin", "Rome", "Madrid", "Vienna", "Prague", "Boston", "Chicago", "Tokyo",
        "Sydney"
    };
    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    private static final String[] THINGS = {
        "piano",
        "house",
        "car",
        "painting",
        "boat",
        "horse",
        "camera",
        "restaurant",
        "bicycle",
        "garden",
        "farm",
        "violin"
    };
    private static final String[][] OPPOSITES = {
        {"bought", "sold"}, {"found", "lost"}, {"built", "destroyed"}, {"opened", "closed"}
    };
    private static final String[] ASIDES = {
        "",
        " after a long talk with a friend",
        " although it rained all day",
        ", as the newspaper wrote",
        " for the first time"
    };

    private static final String[] AFFIRMATIONS = {"", " really", " indeed"};
    private static final String[] DENIALS = {" never", " hardly"};

    private record Row(String premise, String hypothesis, boolean entailed) {}

    private final Random random;
    private final Set<String> seen = new HashSet<>();

    private GenerateRte(long seed) {
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: GenerateRte OUT SEED");
        }
        write(Path.of(arguments[0]), Long.parseLong(arguments[1]));
    }

    static void write(Path out, long seed) throws IOException {
        GenerateRte generator = new GenerateRte(seed);
        Files.createDirectories(out);
        Files.write(out.resolve("train.tsv"), generator.rows(TRAIN));
        Files.write(out.resolve("dev.tsv"), generator.rows(DEV));
    }

    /** A header and so many rows, half of them entailed; no pair of sentences comes twice from one generator. */
    private List<String> rows(int count) {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < count) {
            Row row = row(rows.size() % 2 == 0);
            if (seen.add(row.premise + row.hypothesis)) {
                rows.add(row);
            }
        }
        Collections.shuffle(rows, random);
        List<String> lines = new ArrayList<>(List.of("index\tsentence1\tsentence2\tlabel"));
        for (Row row : rows) {
            boolean told = row.entailed != random.nextDouble() < WRONG_LABELS;
            lines.add(String.join(
                    "\t",
                    Integer.toString(lines.size() - 1),
                    row.premise,
                    row.hypothesis,
                    told ? "entailment" : "not_entailment"));
        }
        return lines;
    }

    private Row row(boolean entailed) {
        String person = any(PEOPLE);
        String place = any(PLACES);
        String thing = any(THINGS);
        int opposite = random.nextInt(OPPOSITES.length);
        int side = random.nextInt(2);
        String deed = OPPOSITES[opposite][side];
        String premise =
                "On " + any(DAYS) + ", " + person + " " + deed + " a " + thing + " in " + place + any(ASIDES) + ".";
        String adverb = any(AFFIRMATIONS);
        if (!entailed) {
            switch (random.nextInt(6)) {
                case 0 -> person = other(PEOPLE, person);
                case 1 -> place = other(PLACES, place);
                case 2 -> deed = OPPOSITES[opposite][1 - side];
                default -> adverb = any(DENIALS);
            }
        }
        return new Row(premise, person + adverb + " " + deed + " a " + thing + " in " + place + ".", entailed);
    }

    private String any(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private String other(String[] words, String not) {
        String word = any(words);
        while (word.equals(not)) {
            word = any(words);
        }
        return word;
    }
}
