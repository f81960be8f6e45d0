package io.ait4j.web.jobs;

import java.time.Instant;

/**
 * A file that somebody sent.
 *
 * @param id {@code u-} and 26 characters of {@code [a-z0-9]}
 * @param owner the id of the key that sent it
 * @param name what the sender calls it: for people, never part of a path
 * @param sha256 hexadecimal
 * @param key in the store; empty once the content is gone
 */
public record Upload(
    String id, String owner, String name, long bytes, String sha256, String key, Instant created) {}
