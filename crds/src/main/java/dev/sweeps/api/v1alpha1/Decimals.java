package dev.sweeps.api.v1alpha1;

import java.math.BigDecimal;

/** Gives equal numbers the same form, so that records with equal numbers are equal. */
final class Decimals {
    private Decimals() {}

    /** Removes trailing zeros, and the exponent of whole numbers: 8.0 and 8 become 8. Null stays null. */
    static BigDecimal exact(BigDecimal number) {
        if (number == null || number.signum() == 0) {
            return number == null ? null : BigDecimal.ZERO;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /**
     * As the API server keeps a number of a status, which is a double: what we wrote and what we read back is then the same number, and a
     * status that did not change is not written again. Beyond the largest double (the rounded mean of two such is) there is none.
     */
    static BigDecimal asStored(BigDecimal number) {
        if (number == null) {
            return null;
        }
        double stored = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, number.doubleValue()));
        return exact(new BigDecimal(Double.toString(stored)));
    }
}
