/** Worker processes: Java processes of ours with limits, which hold what others uploaded. */
package io.ait4j.web.process;
