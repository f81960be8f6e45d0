package io.ait4j.web.jobs;

import java.security.SecureRandom;

/**
 * Names for rows: a letter, then 48 bits of time and 80 that nobody can guess, as 26 characters.
 * Sorted as texts they are in the order of creation, to the millisecond; on one server exactly.
 */
final class Ids {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int DIGIT_BITS = 5;
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 16;

  private final SecureRandom random = new SecureRandom();
  private long last;

  /** Makes one that was never made before. */
  String next(char kind) {
    StringBuilder id = new StringBuilder().append(kind).append('-');
    long time = time();
    for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
      id.append(DIGITS.charAt((int) (time >>> (digit * DIGIT_BITS)) & 31));
    }
    for (int digit = 0; digit < RANDOM_DIGITS; digit++) {
      id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return id.toString();
  }

  /** Later each time, at most by what was handed out within a millisecond. */
  private synchronized long time() {
    last = Math.max(last + 1, System.currentTimeMillis());
    return last;
  }
}
