package io.ait4j.fx.archive;

/**
 * An entry of an archive's directory.
 *
 * @param deflated if not, it is stored
 * @param crc CRC-32 of the content
 * @param packed bytes in the file
 * @param size bytes of the content
 * @param headerAt place of the local header in the file
 * @param dataAt place of the data, behind the local header
 */
record ZipRecord(
    String name, boolean deflated, long crc, long packed, long size, long headerAt, long dataAt) {
  /** Where the entry's place in the file ends. */
  long end() {
    return dataAt + packed;
  }
}
