/** API keys and what was done with them, in the database. */
package io.ait4j.web.access;
