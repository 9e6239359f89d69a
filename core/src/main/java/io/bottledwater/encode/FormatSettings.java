package io.bottledwater.encode;

import io.bottledwater.schema.SchemaRegistry;

/**
 * What a format may need to know.
 *
 * @param registry is not reached before it is asked for the first time; formats without schemas
 *     leave it alone
 * @param jsonSchema whether JSON comes with a schema in the registry
 */
public record FormatSettings(SchemaRegistry registry, boolean jsonSchema) {}
