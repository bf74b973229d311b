package dev.sweeps.operator.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sweeps.results.Documents;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Makes the API write JSON in the form of {@code kubectl sweep}. */
@Singleton
class DocumentMapper implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        Documents.configure(mapper);
    }
}
