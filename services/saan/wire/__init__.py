"""What Saan carries: Kafka, Avro, the registry, files of ``schemas/``, settings. It decides nothing."""
