package dev.sweeps.operator.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sweeps.results.Documents;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** The API writes what `kubectl sweep` writes. */
@Singleton
class DocumentMapper implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        Documents.configure(mapper);
    }
}
