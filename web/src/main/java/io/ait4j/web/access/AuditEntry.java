package io.ait4j.web.access;

import java.time.Instant;

/**
 * Something that somebody did, or tried to do.
 *
 * @param caller the id of the key; {@code anonymous} on an open server
 * @param address where the request came from
 * @param action a few words of ours, {@code conversion.create}
 * @param subject what it was done to, an id
 * @param status of the answer, as HTTP has it
 * @param request the request's id in logs
 */
public record AuditEntry(
    Instant at,
    String caller,
    String address,
    String action,
    String subject,
    int status,
    String request) {}
