package io.ait4j.web.http;

import java.nio.file.Path;

/**
 * A file as it came, on the disk.
 *
 * @param name what the sender calls it, for people
 * @param sha256 hexadecimal
 */
record ReceivedFile(Path path, String name, long bytes, String sha256) {}
