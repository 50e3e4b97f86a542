# L'assistant dans un conteneur, sans droits d'administrateur. Voir compose.yaml.
FROM python:3.11-slim

# Pour les PDF scannés.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv
COPY constraints.txt ./
# torch d'abord, à sa version : demandé plus tard, pip pourrait en prendre une qui embarque CUDA.
# Une autre source que celle de pip : docker build --build-arg TORCH="--index-url ADRESSE_DE_L_INDEX_CPU torch==2.13.0" .
ARG TORCH="torch==2.13.0"
RUN pip install --no-cache-dir $TORCH

COPY pyproject.toml README.md LICENSE ./
COPY corpus ./corpus
COPY indexing ./indexing
COPY assistant ./assistant
COPY evals ./evals
COPY ui ./ui
RUN pip install --no-cache-dir -c constraints.txt ".[llm]"

RUN useradd --system --uid 10001 --no-create-home elus \
    && install -d -o elus -g elus -m 700 /var/lib/assistant-elus /var/cache/assistant-elus
USER elus
WORKDIR /var/lib/assistant-elus
ENV ASSISTANT_ELUS_HOME=/var/lib/assistant-elus \
    ASSISTANT_ELUS_CACHE=/var/cache/assistant-elus \
    HOME=/tmp \
    PYTHONUNBUFFERED=1
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["assistant-elus"]
CMD ["serve"]
