package dev.sluice.service.notify.slack;

/**
 * What a message says besides its numbers, as plain text.
 *
 * @param header what happened, in a few words
 * @param why what led to it
 * @param next what happens now, and what the reader can do
 * @param sure how far it can be trusted; empty where nothing was inferred
 */
record Story(String header, String why, String next, String sure) {}
