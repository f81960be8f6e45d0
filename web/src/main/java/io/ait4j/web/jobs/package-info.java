/** Conversions in a database: the queue that servers share, their states, events and results. */
package io.ait4j.web.jobs;
