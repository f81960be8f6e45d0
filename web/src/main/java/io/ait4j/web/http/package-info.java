/** The API over HTTP, the page, who may do what, and errors. */
package io.ait4j.web.http;
