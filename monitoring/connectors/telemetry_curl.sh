# 换成您的：平台地址、密钥编号、密钥、一台已登记的设备
SITE=${SITE:-https://平台地址} KEY=${KEY:-密钥编号} SECRET=${SECRET:-密钥} DEVICE=${DEVICE:-SY-CNC-001}
# tests 是沙箱，不计数；换成 batches 就是正式推送，批次号每批不同
END=${END:-tests} BATCH=${BATCH:-t-0001}
NOW=$(date +%s); NONCE=$(openssl rand -hex 16)
printf '%s\n' "{\"batch\": \"$BATCH\"}" "{\"device\": \"$DEVICE\", \"at\": $NOW}" > body.jsonl
# 签名：时间戳、换行、随机数、换行、正文
SIGN=$( (printf '%s\n%s\n' "$NOW" "$NONCE"; cat body.jsonl) | openssl dgst -sha256 -hmac "$SECRET" -hex | sed 's/^.* //')
curl -sS "$SITE/api/v1/telemetry/$END" --data-binary @body.jsonl \
  -H 'Content-Type: application/x-ndjson' -H "X-Telemetry-Key: $KEY" -H "X-Telemetry-Timestamp: $NOW" \
  -H "X-Telemetry-Nonce: $NONCE" -H "X-Telemetry-Signature: $SIGN"
