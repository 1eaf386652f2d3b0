package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// readerPage is the page by which the public site is compared with a web server that does nothing else.
const readerPage = "/pl/h54r"

// leastRatio is how many pages the program must serve for one that nginx serves, as the same bytes in the same run.
const leastRatio = 0.40

// mostCPU is the processor time that a page may take.
const mostCPU = 20 * time.Microsecond

// readers measures the public site beside nginx: pages a second, and the program's processor time for a page.
func readers(ctx context.Context, p *program) error {
	p.rest()
	raw, err := answerTo(p.addr, readerPage)
	if err != nil {
		return err
	}
	nginx, stop, err := startNginx(ctx, p.dir, raw)
	if err != nil {
		return err
	}
	defer stop()
	if _, err := answerTo(nginx, readerPage); err != nil {
		return fmt.Errorf("nginx: %w", err)
	}
	const rounds = 5 // in turn, so that what else the machine does meets both
	var ours, theirs []float64
	before, pages := p.cpu(), 0.0
	for range rounds {
		n, err := serve(ctx, p.addr, time.Duration(p.seconds)*time.Second/rounds)
		if err != nil {
			return err
		}
		ours, pages = append(ours, n), pages+n*float64(p.seconds)/rounds
		if n, err = serve(ctx, nginx, time.Duration(p.seconds)*time.Second/rounds); err != nil {
			return err
		}
		theirs = append(theirs, n)
	}
	each := time.Duration(float64(p.cpu()-before) / pages)
	ratio := mean(ours) / mean(theirs)
	report("reader pages a second, %d at once (nginx: %.0f; ratio %.2f)", "%.0f", concurrent, mean(theirs), ratio, mean(ours))
	report("processor time for a reader page", "%s", each.Round(100*time.Nanosecond))
	return fastEnough(ratio, each)
}

// errSlow says that a bound was missed.
var errSlow = errors.New("slower than wanted")

// fastEnough fails the whole measurement, and so `make bench`, below the bounds.
func fastEnough(ratio float64, each time.Duration) error {
	if ratio < leastRatio || each > mostCPU {
		return fmt.Errorf("reader pages: %w: a ratio of at least %.2f and at most %s of processor time", errSlow, leastRatio, mostCPU)
	}
	return nil
}

// rest waits until the program has done what it does beside the visits after a start: it compresses its pages.
func (p *program) rest() {
	const quiet, most = 5 * time.Second, 2 * time.Minute
	last, since := p.cpu(), time.Now()
	for begin := since; time.Since(begin) < most && time.Since(since) < quiet; time.Sleep(100 * time.Millisecond) {
		if now := p.cpu(); now > last+50*time.Millisecond {
			last, since = now, time.Now()
		}
	}
}

func mean(list []float64) (sum float64) {
	for _, x := range list {
		sum += x / float64(len(list))
	}
	return sum
}

func request(address, path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nAccept-Encoding: gzip, deflate\r\nAccept: text/html\r\nAccept-Language: pl\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10)\r\n\r\n")
}

// answerTo returns a whole answer as it comes over the wire.
func answerTo(address, path string) ([]byte, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // done with it
	if _, err := c.Write(request(address, path)); err != nil {
		return nil, err
	}
	var got bytes.Buffer
	buffer := make([]byte, 64<<10)
	for {
		n, err := c.Read(buffer)
		got.Write(buffer[:n])
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		head, body, whole := bytes.Cut(got.Bytes(), []byte("\r\n\r\n"))
		if !whole {
			continue
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 200")) {
			return nil, fmt.Errorf("%s: %s", path, head)
		}
		for _, line := range strings.Split(string(head), "\r\n") {
			if v, ok := strings.CutPrefix(strings.ToLower(line), "content-length: "); ok {
				if want, err := strconv.Atoi(v); err != nil || len(body) >= want {
					return got.Bytes(), err
				}
			}
		}
	}
}

// serve asks for the page over and over for a time and returns how many a second came. The client does as little as it can: it
// reads as many bytes as the answer is known to have.
func serve(ctx context.Context, address string, length time.Duration) (float64, error) {
	first, err := answerTo(address, readerPage)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	var group sync.WaitGroup
	failed := make(chan error, concurrent)
	begin := time.Now()
	for range concurrent {
		group.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				failed <- err
				return
			}
			defer c.Close() //nolint:errcheck // done with it
			asked, buffer := request(address, readerPage), make([]byte, len(first))
			for ctx.Err() == nil {
				if _, err = c.Write(asked); err == nil {
					_, err = io.ReadFull(c, buffer)
				}
				if err != nil || !bytes.HasPrefix(buffer, []byte("HTTP/1.1 200")) {
					failed <- fmt.Errorf("%s: %.40q %w", address, buffer, errors.Join(err))
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(done.Load()) / time.Since(begin).Seconds(), nil
	}
}

// startNginx serves the same body with the same headers from a file.
func startNginx(ctx context.Context, dir string, raw []byte) (address string, stop func(), err error) {
	binary, err := nginxBinary()
	if err != nil {
		return "", nil, err
	}
	root := filepath.Join(dir, "nginx")
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	file := filepath.Join(root, "html", filepath.FromSlash(readerPage))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", nil, err
	}
	if err := os.WriteFile(file, body, 0o644); err != nil {
		return "", nil, err
	}
	var headers strings.Builder
	for _, line := range strings.Split(string(head), "\r\n")[1:] {
		name, value, _ := strings.Cut(line, ": ")
		if name != "Content-Length" && name != "Content-Type" && name != "Date" {
			fmt.Fprintf(&headers, "add_header %s %q always;\n", name, value)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return "", nil, err
	}
	text := fmt.Sprintf(`daemon off; worker_processes auto; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 256; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
  client_body_temp_path %[1]s/1; proxy_temp_path %[1]s/2; fastcgi_temp_path %[1]s/3; uwsgi_temp_path %[1]s/4; scgi_temp_path %[1]s/5;
  server { listen %[2]s; root %[1]s/html; default_type "text/html; charset=utf-8"; etag off; %[3]s }
}
`, root, address, headers.String())
	config := filepath.Join(root, "nginx.conf")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return "", nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, binary, "-c", config, "-p", root, "-e", filepath.Join(root, "error.log"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // fails only where it has ended already
		_ = cmd.Wait()                          // ended by the signal
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			return address, stop, c.Close()
		}
	}
	stop()
	return "", nil, errors.New("nginx does not start")
}

// nginxBinary finds nginx: installed, or where the setup put it.
func nginxBinary() (string, error) {
	if p, err := exec.LookPath("nginx"); err == nil {
		return p, nil
	}
	p, err := filepath.Abs(".cache/nginx/usr/sbin/nginx")
	if err == nil {
		_, err = os.Stat(p)
	}
	if err != nil {
		return "", fmt.Errorf("nginx is not there (make setup): %w", err)
	}
	return p, nil
}

// cpu returns the processor time that the program has taken.
func (p *program) cpu() time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "stat"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	const userTime, systemTime, ticks = 11, 12, 100 // proc(5), counted behind the name; the kernel's clock ticks a second
	var sum int
	for _, i := range []int{userTime, systemTime} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks
}
