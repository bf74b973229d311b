package dev.sweeps.metrics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Rounds metrics for people. */
public final class Rounded {
    private static final int DIGITS = 4;
    private static final MathContext COMPUTED = new MathContext(10, RoundingMode.HALF_EVEN);
    private static final MathContext ERROR = new MathContext(2, RoundingMode.HALF_EVEN);

    private Rounded() {}

    /** Rounds to four decimals, or to four significant digits if that would leave too few: 0.6931, 0.00001234, 12345.6789. */
    public static String of(BigDecimal value) {
        BigDecimal fixed = value.setScale(DIGITS, RoundingMode.HALF_EVEN);
        BigDecimal shown = value.abs().compareTo(new BigDecimal("0.1")) >= 0 || value.signum() == 0
                ? fixed
                : value.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
        return shown.scale() > DIGITS || shown.compareTo(value) != 0 ? shown.toPlainString() : trimmed(shown);
    }

    /** Rounds a finite number that was computed and whose last digits may be inexact. */
    public static String of(double value) {
        return of(new BigDecimal(value).round(COMPUTED).stripTrailingZeros());
    }

    /** Rounds to two significant digits, as is usual for errors. */
    public static String error(double value) {
        return new BigDecimal(value).round(ERROR).toPlainString();
    }

    private static String trimmed(BigDecimal exact) {
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
}
