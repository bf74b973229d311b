package dev.sweeps.api.v1alpha1;

import java.math.BigDecimal;

/** One form for equal numbers, so that records that hold the same numbers are equal. */
final class Decimals {
    private Decimals() {}

    /** Without trailing zeros and without an exponent for whole numbers: 8.0 and 8 are 8; null stays null. */
    static BigDecimal exact(BigDecimal number) {
        if (number == null || number.signum() == 0) {
            return number == null ? null : BigDecimal.ZERO;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /**
     * As the API server keeps a number of a status, which is a double: what we wrote and what we read back is then the same number, and a
     * status that did not change is not written again.
     */
    static BigDecimal asStored(BigDecimal number) {
        return number == null ? null : exact(new BigDecimal(Double.toString(number.doubleValue())));
    }
}
