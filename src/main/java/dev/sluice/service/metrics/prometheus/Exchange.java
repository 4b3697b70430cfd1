package dev.sluice.service.metrics.prometheus;

/** A query and what came of it: the evidence. */
record Exchange(Query query, Reply reply) {}
