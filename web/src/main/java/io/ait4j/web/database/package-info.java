/** The database that servers share: its connections and its tables. */
package io.ait4j.web.database;
