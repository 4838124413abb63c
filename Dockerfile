# The image holds one static binary, fonts for names in many scripts, and what
# TLS and time zones need. There is no shell in it.

# iPhones have no reader of QR codes in their browser: this one is built in.
FROM node:20-bookworm-slim AS decoder
COPY static/decoder /decoder
RUN /decoder/fetch.sh

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=decoder /decoder/decode.js /decoder/index.js static/decoder/
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w" -o /out/agora ./cmd/agora \
 && mkdir /out/data

# Badges and certificates take a letter from the first of these fonts that has
# it. Chinese, Japanese and Korean come from Droid: Noto's are not TrueType.
FROM debian:bookworm-slim AS rest
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata fonts-noto-core fonts-droid-fallback \
 && rm -rf /var/lib/apt/lists/*
RUN mkdir /fonts && cd /usr/share/fonts/truetype \
 && for script in "" Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada \
      Khmer Lao Malayalam Myanmar Oriya Sinhala Symbols Tamil Telugu Thaana Thai; do \
      cp "noto/NotoSans$script-Regular.ttf" "noto/NotoSans$script-Bold.ttf" /fonts/ || exit 1; \
    done \
 && cp droid/DroidSansFallbackFull.ttf /fonts/

FROM busybox:1.37-musl AS busybox

FROM scratch
COPY --from=rest /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=rest /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=rest /fonts /fonts
# Under this name the program can do nothing but fetch: the health check's only need.
COPY --from=busybox /bin/busybox /bin/wget
COPY --from=build /out/agora /bin/agora
# A new volume takes over the folder's owner.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
ENV AGORA_ADDR=:8080 AGORA_DATA=/data AGORA_FONTS=/fonts
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s \
  CMD ["/bin/wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/bin/agora"]
CMD ["serve"]
