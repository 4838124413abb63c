package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3Patience is how long the bucket may take to answer when the site starts.
const s3Patience = 10 * time.Second

// S3 keeps files in a bucket, so that several nodes share them.
type S3 struct {
	core           minio.Core
	bucket, prefix string
}

// s3Form is how an address is written; it stands in what is said of a wrong one.
const s3Form = "write it as https://KEY:SECRET@HOST/BUCKET or https://KEY:SECRET@HOST/BUCKET/PREFIX, with ?region=REGION where the service asks for one (characters such as / and + in the secret written as %2F and %2B)"

// NewS3 opens a bucket and sees that it is there. No error repeats the address,
// which holds a secret.
func NewS3(ctx context.Context, address string) (*S3, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("this is no address; %s", s3Form)
	}
	secret, _ := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("it has to begin with https:// (or http:// inside of one machine or network); %s", s3Form)
	case u.Host == "":
		return nil, fmt.Errorf("it names no host; %s", s3Form)
	case u.User.Username() == "" || secret == "":
		return nil, fmt.Errorf("it holds no key and secret; %s", s3Form)
	case bucket == "":
		return nil, fmt.Errorf("it names no bucket; %s", s3Form)
	}
	for name := range u.Query() {
		if name != "region" {
			return nil, fmt.Errorf("it asks for %q, which is not known; %s", name, s3Form)
		}
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Scheme == "https", Region: u.Query().Get("region"), BucketLookup: minio.BucketLookupAuto})
	if err != nil {
		return nil, fmt.Errorf("the host is not one of a service (%w); %s", err, s3Form)
	}
	s := &S3{core: minio.Core{Client: client}, bucket: bucket}
	if prefix != "" {
		s.prefix = prefix + "/"
	}
	return s, s.look(ctx, u.Host)
}

// look asks for the bucket once, with little patience.
func (s *S3) look(ctx context.Context, host string) error {
	ctx, cancel := context.WithTimeout(ctx, s3Patience)
	defer cancel()
	there, err := s.core.BucketExists(ctx, s.bucket)
	switch answer := minio.ToErrorResponse(err); {
	case err == nil && there:
		return nil
	case err == nil:
		return fmt.Errorf("there is no bucket %q at %s; make it, or name the right one", s.bucket, host)
	case answer.StatusCode == 403 || answer.Code == "AccessDenied" || answer.Code == "InvalidAccessKeyId" || answer.Code == "SignatureDoesNotMatch":
		return fmt.Errorf("%s refuses the key, or the key may not use the bucket %q (%s); check key, secret, region and the key's rights", host, s.bucket, answer.Code)
	case answer.StatusCode != 0 && answer.Code != "":
		return fmt.Errorf("%s answered %q for the bucket %q; check host, region and bucket", host, answer.Code, s.bucket)
	}
	return fmt.Errorf("%s does not answer (%s); check the host and that this machine reaches it", host, withoutURL(err))
}

// withoutURL leaves out the address that was asked.
func withoutURL(err error) string {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err.Error()
	}
	return err.Error()
}

// key is the name in the bucket.
func (s *S3) key(name string) (string, error) {
	if !nameForm.MatchString(name) {
		return "", errName(name)
	}
	return s.prefix + name, nil
}

// Put sends an object with one request: it is there whole or not at all, and
// nothing of one that broke off is left in the bucket.
func (s *S3) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	key, err := s.key(name)
	if err != nil {
		return err
	}
	short := &shortness{r: r, left: size}
	if _, seeks := r.(io.Seeker); !seeks { // one that does is as long as it says, and may be sent twice
		r = short
	}
	_, err = s.core.Client.PutObject(ctx, s.bucket, key, r, size, minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	if err != nil && short.seen {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// shortness sees when less comes than was said.
type shortness struct {
	r    io.Reader
	left int64
	seen bool
}

// Read passes on what comes.
func (s *shortness) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if s.left -= int64(n); err == io.EOF && s.left > 0 {
		s.seen = true
	}
	return n, err
}

// Open gives a part of an object.
func (s *S3) Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	key, err := s.key(name)
	if err != nil {
		return nil, err
	}
	if length == 0 {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	var opts minio.GetObjectOptions
	if err := opts.SetRange(offset, offset+length-1); err != nil {
		return nil, err
	}
	r, _, _, err := s.core.GetObject(ctx, s.bucket, key, opts)
	if code := minio.ToErrorResponse(err).Code; code == "NoSuchKey" {
		return nil, fmt.Errorf("%w: %s", fs.ErrNotExist, name)
	}
	return r, err
}

// Remove takes an object away; S3 says nothing when there is none.
func (s *S3) Remove(ctx context.Context, name string) error {
	key, err := s.key(name)
	if err != nil {
		return err
	}
	return s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
}

// List names the objects under the prefix.
func (s *S3) List(ctx context.Context, each func(name string, size int64, at time.Time) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when each does not want any more
	for o := range s.core.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		name := strings.TrimPrefix(o.Key, s.prefix)
		if !nameForm.MatchString(name) {
			continue // somebody else's
		}
		if err := each(name, o.Size, o.LastModified); err != nil {
			return err
		}
	}
	return ctx.Err()
}
