package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.metrics.MetricPattern.InvalidPattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            textBlock =
                    """
                    acc=([0-9.]+) ~ has no group named value
                    acc=(?P<value>[0-9.]+ ~ is not a regular expression in the syntax of RE2
                    acc=(?=x)(?P<value>.*) ~ RE2 has no look-ahead
                    (?P<acc>[a-z]+)=(?P<value>[0-9.]+) ~ has a group named acc; use value, name and step only
                    (?P<value>[0-9]*) ~ matches an empty line
                    (?P<value>[0-9]+)|(?P<name2>[a-z]+) ~ has a group named name2 and none named value2
                    (?P<value10>[0-9]+)|(?P<value>[a-z]+) ~ has a group named value10
                    """)
    void aPatternThatCannotBeUsedIsRefused(String pattern, String message) {
        assertThatThrownBy(() -> MetricPattern.of(pattern))
                .isInstanceOf(InvalidPattern.class)
                .hasMessageContaining(message);
    }

    @Test
    void nameAndStepAreGroups() {
        String pattern = "round (?P<step>[0-9,]+) (?P<name>\\w+) -> (?P<value>[-+.0-9e]+)";
        assertThat(read(
                                pattern,
                                "round 1,500 acc -> 0.5, loss -> 3",
                                "round 2000 loss -> 9",
                                "acc=7",
                                "round 2000 acc -> 6e-1")
                        .history())
                .extracting(point -> point.step() + " " + point.value().toPlainString())
                .containsExactly("1500 0.5", "2000 0.6");
    }

    @Test
    void theLastMatchOfALineCounts() {
        assertThat(value("acc (?P<value>[0-9.]+)", "acc 0.5 acc 0.6")).isEqualTo("0.6");
    }

    /** Groups of the second alternative end with 2. */
    @Test
    void alternativesHaveNumberedGroups() {
        String pattern = "acc: (?P<value>[0-9.]+)|(?P<step2>[0-9]+)\\. accuracy -> (?P<value2>[0-9.]+)";
        assertThat(value(pattern, "acc: 0.5")).isEqualTo("0.5");
        assertThat(read(pattern, "7. accuracy -> 0.6").history())
                .extracting(point -> point.step() + " " + point.value())
                .containsExactly("7 0.6");
    }

    /** If the value group matches only part of a number, the value is unclear. */
    @Test
    void aNumberIsNotCut() {
        for (String line : new String[] {"acc=0.512", "acc=0.5,1", "acc=0.5.1"}) {
            assertThat(read("acc=(?P<value>[0-9]\\.[0-9])", line).metrics().unclear())
                    .as(line)
                    .containsExactly("acc");
        }
        assertThat(read("acc=(?P<value>\\S+)", "acc=many").metrics().unclear()).containsExactly("acc");
        assertThat(value("acc=(?P<value>[0-9]\\.[0-9])", "acc=0.5, loss=1")).isEqualTo("0.5");
    }

    private static String value(String pattern, String line) {
        return read(pattern, line).metrics().values().get("acc").toPlainString();
    }

    private static LogDigest read(String pattern, String... lines) {
        return LogDigest.of(Stream.of(lines), new Metric("acc", Goal.MAXIMIZE, null, null, pattern));
    }
}
