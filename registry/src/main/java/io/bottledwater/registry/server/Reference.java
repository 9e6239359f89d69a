package io.bottledwater.registry.server;

/** A named type that a schema takes from a version of another subject. */
record Reference(String name, String subject, int version) {}
